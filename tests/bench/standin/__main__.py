"""Run the stand-in: `python -m tests.bench.standin`. Prints one line of JSON with its addresses."""

import argparse
import asyncio
import gc
import json
import os
from pathlib import Path

import uvloop

from tests.bench.standin.control import Control
from tests.bench.standin.rest import PREFIX
from tests.bench.standin.server import Server
from tests.bench.standin.tls import server_context
from tests.bench.standin.wire import Wire

LOOPBACK = "127.0.0.1"
#: A command with thousands of clicks' results is one line.
MAX_LINE = 1 << 24


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.standin", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of gateway and REST; 0 takes a free one")
    parser.add_argument("--control-port", type=int, default=0, help="port of the controller's door")
    parser.add_argument("--servers", type=int, default=1, help="servers each bot is in")
    parser.add_argument("--channels", type=int, default=2, help="text channels in each server")
    parser.add_argument("--delay-ms", type=float, default=0, help="time between a call and its answer")
    parser.add_argument("--tls", type=Path, help="speak TLS, and write the authority to trust to this file")
    parser.add_argument("--core", type=int, help="the processor core to run on")
    return parser.parse_args()


async def serve(options: argparse.Namespace) -> None:
    """Serve until the process is stopped."""
    loop = asyncio.get_running_loop()
    context = server_context(options.tls) if options.tls else None
    server = Server(options.servers, options.channels, options.delay_ms / 1000)
    front = await loop.create_server(lambda: Wire(server), LOOPBACK, options.port, ssl=context, backlog=4096)
    control = await asyncio.start_server(
        lambda reader, writer: Control(server, writer).serve(reader),
        LOOPBACK,
        options.control_port,
        limit=MAX_LINE,
    )
    host = f"{LOOPBACK}:{front.sockets[0].getsockname()[1]}"
    server.gateway_url = f"{'wss' if context else 'ws'}://{host}/"
    addresses = {
        "api": f"{'https' if context else 'http'}://{host}{PREFIX}",
        "gateway": server.gateway_url,
        "control": control.sockets[0].getsockname()[1],
        "authority": str(options.tls) if options.tls else None,
        "pid": os.getpid(),
    }
    print(json.dumps(addresses), flush=True)
    await asyncio.gather(front.serve_forever(), control.serve_forever())


def main() -> None:
    """Run it."""
    options = arguments()
    gc.disable()  # `Members.forget` collects, between measurements; a pause of ours would look like the bot's
    if options.core is not None:
        os.sched_setaffinity(0, {options.core})
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(serve(options))
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
