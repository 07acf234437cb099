"""Server certificates, made by the openssl command: self-signed ones, and ones of an authority."""

from __future__ import annotations

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Certificate:
    """A certificate that is its own authority, and its private key."""

    certificate: Path
    key: Path

    @property
    def ca(self) -> str:
        """PEM text of what a client must trust."""
        return self.certificate.read_text()

    @classmethod
    def make(cls, folder: Path, name: str, *names: str) -> Certificate:
        """A new one, valid for 127.0.0.1, localhost and the given DNS names."""
        made = cls(folder / f"{name}.crt", folder / f"{name}.key")
        alternatives = ",".join(["IP:127.0.0.1", "DNS:localhost", *(f"DNS:{each}" for each in names)])
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", f"/CN={name}", "-addext", f"subjectAltName={alternatives}",
             "-keyout", str(made.key), "-out", str(made.certificate)],
            check=True,
            capture_output=True,
        )  # fmt: skip
        return made

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


class Authority:
    """Issues certificates, so that a server may change its own while its clients trust the same one."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._own = Certificate.make(folder, name)

    @property
    def ca(self) -> str:
        return self._own.ca

    def issue(self, name: str) -> Certificate:
        """A new one, valid for 127.0.0.1 and localhost."""
        made = Certificate(self._folder / f"{name}.crt", self._folder / f"{name}.key")
        subprocess.run(
            ["openssl", "req", "-x509", "-CA", str(self._own.certificate), "-CAkey", str(self._own.key),
             "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", f"/CN={name}",
             "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE",
             "-keyout", str(made.key), "-out", str(made.certificate)],
            check=True,
            capture_output=True,
        )  # fmt: skip
        return made
