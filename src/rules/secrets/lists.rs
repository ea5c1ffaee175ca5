//! The words that names and values are judged by.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

/// A set of words, written as one text.
pub(super) struct List {
    text: &'static str,
    words: OnceLock<FxHashSet<&'static str>>,
}

impl List {
    const fn new(text: &'static str) -> List {
        List { text, words: OnceLock::new() }
    }

    /// Whether a word, in lower case, is one of these.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.get_or_init(|| self.text.split_ascii_whitespace().collect()).contains(word)
    }
}

/// Words behind the one that counts which say nothing of what the value is for.
pub(super) static MODIFIERS: List = List::new(
    "value val str string default plain plaintext raw old new current prod production dev development \
     test testing staging stage local bytes b b64 base64 hex encoded confirm confirmation again \
     repeat live sandbox demo main fallback constant temp tmp here",
);

/// Last words of names of something about a secret.
pub(super) static ABOUT: List = List::new(
    "field fields file filename path paths dir folder url urls uri endpoint name names type types \
     kind expires expiry expiration expire expired length len size hash hashes hashed hasher hashers \
     digest header headers prefix suffix id ids policy policies reset label labels help text texts \
     message messages msg error errors err exception prompt placeholder hint title description desc \
     doc docs format pattern regex regexp re validator validators validation form view template page \
     route env environ var variable param params parameter attr attribute arg args option options \
     flag property column table index model class cls function func method handler callback provider \
     backend manager service client user username email count num number limit max min age ttl \
     timeout lifetime duration strength complexity version algorithm alg algo encoding mode level \
     status state scope scopes category char chars characters separator sep delimiter location source \
     store storage cache set changed required enabled disabled selector xpath button input element \
     icon permission permissions role action event signal command cmd link redirect success failed \
     failure mismatch context config settings schema ref reference info data metadata usage response \
     request grant flow strategy scheme realm rule rules match space position pos embedding \
     embeddings map mapping list log logger tag tags module domain host server group item items \
     entity object resource arn vault engine section dialog screen step task job test case fixture \
     example vars keys_only checksum mechanism line lines fingerprint thumbprint salt curve usages \
     ops extension code query",
);

/// Words of names of something about a password, wherever they stand.
pub(super) static ABOUT_PASSWORDS: List = List::new(
    "update check prompt store save remember reset forgot forgotten invalid incorrect missing hashed \
     hash hasher validator validators is has use allow require requires required show hide no without \
     wrong bad msg error label",
);

/// Words that make `key` or `token` mean something else.
pub(super) static NOT_SECRET: List = List::new(
    "csrf xsrf csrfmiddleware public pub primary foreign partition sort cache row object page next \
     prev previous pagination continuation continue cursor pad eos bos sep cls unk mask special start \
     end stop begin image audio video vision speech word sub sync idempotency lookup dict json field \
     group index search hash unique natural composite translation msg message error invalid missing \
     keyboard hot shortcut context event metric label param parameter header name type parse parser \
     lexer syntax",
);

/// Words before `key` that make a secret of it.
pub(super) static KEY_OF: List = List::new(
    "api access private priv auth encryption encrypt decryption decrypt signing sign signature master \
     client app application account shared hmac jwt ssh aes rsa tenant secret crypto cipher fernet \
     license storage service webhook cookie consumer subscription deploy session security admin \
     server write ingest stripe openai anthropic github sendgrid mailgun twilio algolia maps bot",
);

/// Words of names of secrets that are none.
pub(super) static PRETENDED: List =
    List::new("dummy fake mock example sample test testing demo invalid wrong");

/// Names of the keys that frameworks sign with.
pub(super) static SIGNING: List = List::new(
    "secretkey jwtsecret jwtsecretkey appsecretkey flasksecretkey djangosecretkey sessionsecret \
     sessionsecretkey cookiesecret jwtsigningkey signingkey tokensecret jwtkey",
);

/// Words of which placeholders are made.
pub(super) static FILLERS: List = List::new(
    "test tests testing tester pass password passwd pwd passphrase secret secrets token key wrong \
     fake mock sample demo foo bar baz my your our a an the some any valid invalid new old bad good \
     api access auth very super user here real this is not more than enough long short only for in \
     dev development default local private public client app jwt db database value placeholder \
     correct incorrect another other different same random string strong weak safe unsafe hash hashed \
     plain to be of x do use production",
);

/// Values that name a way or state, not a secret.
pub(super) static STATES: List = List::new(
    "none null nil true false yes no on off disabled enabled required optional prompt string str text \
     bytes int bool bearer basic digest negotiate ntlm kerberos oauth oauth2 default keyring ask \
     unset unknown undefined empty missing anonymous hidden masked redacted encrypted plain plaintext \
     vault env environment file auto manual static dynamic header query cookie body login logout \
     implicit explicit always never deprecated ignore any all self admin_only email username name \
     number object array field input publickey hostbased gssapi",
);

/// First words of constants that hold the name of something.
pub(super) static NAMING: List =
    List::new("conf attr param field err error event step mode header data column col");
