"""What opens schema files for xmlschema, which asks for them by their URLs."""

from __future__ import annotations

from email.message import Message
from io import BytesIO
from pathlib import Path
from urllib.error import URLError
from urllib.request import BaseHandler, OpenerDirector, Request, url2pathname
from urllib.response import addinfourl

from convtool.model.files import content_of, in_utf8

__all__ = ["opener"]


class _Kept(BaseHandler):
    """Opens a ``file:`` URL with the bytes that are kept of the file, in an encoding that every parser reads."""

    def file_open(self, request: Request) -> addinfourl:
        try:
            content = in_utf8(content_of(Path(url2pathname(request.selector))))
        except ValueError as error:
            raise URLError(str(error)) from None
        return addinfourl(BytesIO(content), Message(), request.full_url)


def opener() -> OpenerDirector:
    """Give an opener of files, and of nothing else; what is kept of them is not read again."""
    director = OpenerDirector()
    director.add_handler(_Kept())
    return director
