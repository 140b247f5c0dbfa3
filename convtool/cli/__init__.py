"""The command line. ``main`` is the entry point; every command is a file beside this one, loaded when it is used.

Results go to standard output, everything else to standard error. Exit codes: 0 fine, 1 an invalid payload, 2 a wrong
call or what cannot be read or written, 70 an error of convtool itself, 130 after Ctrl-C, 141 where the reader of the
output has gone (as the shell reports it of any other program). A traceback goes into a file, unless CONVTOOL_DEBUG=1
asks to see it.
"""

from __future__ import annotations

import os
import signal
import sys

from convtool.errors import ConvtoolError

__all__ = ["main"]

_STDERR = 2


def main() -> None:
    """Run the command line of this process and exit with its code."""
    _occupy()
    try:
        # Imported here, so that Ctrl-C while modules load ends as quietly as later on.
        from convtool.cli.app import run

        code = run()
        _end_undisturbed()
    except ConvtoolError as error:  # of the environment, which is read while modules load
        from convtool.shown import line

        print(f"convtool: error: {line(str(error))}", file=sys.stderr)
        code = 2
    except KeyboardInterrupt:
        code = 130
        _end_undisturbed()
    raise SystemExit(code)


def _occupy() -> None:
    """Occupy the numbers of standard streams that are closed: else the next file gets one, and what is printed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            if number == _STDERR:
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
            else:  # nothing that /dev/stdin or /dev/stdout would open: nothing is to be read, or lost, without a word
                import socket

                socket.socket().detach()


def _end_undisturbed() -> None:
    """Ignore Ctrl-C from here on: all is done, and while Python shuts down it would end the process by the signal."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
