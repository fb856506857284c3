"""A certificate of our own for 127.0.0.1, trusted by nobody but the bot that is told to."""

import ssl
from pathlib import Path

import trustme


def server_context(authority: Path) -> ssl.SSLContext:
    """Return what the stand-in's socket needs, and write the authority's certificate to a file.

    A bot trusts it through the environment variable SSL_CERT_FILE.
    """
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(authority))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    ca.issue_cert("127.0.0.1", "localhost").configure_cert(context)
    return context
