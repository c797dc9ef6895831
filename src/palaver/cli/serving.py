"""``palaver serve``."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import typer

import palaver
from palaver.cli import certificates, certified, configuration, data_directory, program
from palaver.cli.cli_error import CliError, Exit
from palaver.cli.data_directory import DataLock
from palaver.kernel.config_error import ConfigError
from palaver.kernel.endpoint import Endpoint
from palaver.kernel.errors import LoadError
from palaver.kernel.settings import Settings
from palaver.kernel.storage import SchemaTooNew, StorageUnavailable


def serve(data: Path, config: Path | None) -> None:
    """Run the server until it is stopped; raises `CliError` when it cannot start."""
    settings = configuration.check(data, config)
    data_directory.create(data)
    # Here, because other commands start faster without the server.
    from palaver import app
    from palaver.net import platform

    with DataLock(data):
        typer.echo("\n".join(_introduction(settings, data)))
        try:
            again = app.serve(settings, data)
        except ConfigError as error:
            raise configuration.failed(error) from None
        except LoadError as error:
            raise CliError(Exit.CONFIGURATION, "extension", str(error)) from None
        except SchemaTooNew as error:
            raise CliError(Exit.STORAGE, "storage", str(error)) from None
        except StorageUnavailable as error:
            raise configuration.unreachable(settings, error) from None
        except OSError as error:
            raise CliError(Exit.FAILED, "start", str(error)) from None
    if again:
        platform.run_again()


def _introduction(settings: Settings, data: Path) -> Iterator[str]:
    """Tell a newcomer where the server is and how to connect a client."""
    yield f"Palaver {palaver.__version__} for {', '.join(settings.hosts)}"
    listen = settings.listen
    for kind, endpoints in (("STARTTLS", listen.starttls), ("TLS", listen.tls)):
        if endpoints:
            yield f"  {kind + ':':<10}{'; '.join(map(_place, endpoints))}"
    if settings.federates:
        yield f"  Servers:  {'; '.join(map(_place, (*listen.servers, *listen.servers_tls)))}"
    first = next(iter(settings.hosts))
    yield "Make an account and log in to it with any XMPP client:"
    yield f"  {program.call(f'user add you@{first}', data)}"
    yield "Where the client asks for the server, it is this machine."
    for host in settings.hosts:
        certificate, _ = settings.certificate(host, data)
        with suppress(OSError, ValueError):
            if certificates.is_self_signed(certificate):
                yield f"{host} has a self-signed certificate, which clients ask about. Its SHA-256:"
                yield f"  {certificates.fingerprint(certificate)}"
    yield from certified.warnings(settings, data, configuration.extensions())
    yield "Ctrl-C stops the server."


def _place(endpoint: Endpoint) -> str:
    if endpoint.address in ("::", "0.0.0.0"):  # noqa: S104 - compared, not opened
        return f"port {endpoint.port} on every address of this machine"
    return f"port {endpoint.port} on {endpoint.address}"
