import ftplib


def upload(host, stream):
    with ftplib.FTP_TLS(host, timeout=5) as connection:
        connection.storbinary("STOR orders.csv", stream)
