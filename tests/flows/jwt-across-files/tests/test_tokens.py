import jwt


def test_a_token():
    token = jwt.encode({"sub": 1}, "secret")
    assert jwt.decode(token, options={"verify_signature": False})
