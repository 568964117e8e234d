"""A disk that forgets: what may be left of a folder when the power fails.

The disk replays the system calls of a run. What a call changed is only in the memory of the
machine until it is synced: of each file any of the sectors that were written since may have
reached the disk, in any order; of the names in the folder, the changes up to some moment. Files
are followed by what they are, not by their names: a name may come back and stand for an old file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Iterable, Iterator

from tracing import Call

SECTOR = 512


@dataclass
class File:
    """A file, whatever its names are."""

    synced: bytes = b""
    """What is certainly on the disk."""
    pending: list["Write | Cut"] = field(default_factory=list)
    """What was done to it since, in order."""

    def now(self) -> bytearray:
        """Its content as programs see it."""
        content = bytearray(self.synced)
        for change in self.pending:
            change.apply(content)
        return content


@dataclass(frozen=True)
class Write:
    """Bytes within one sector."""

    offset: int
    data: bytes

    def apply(self, content: bytearray) -> None:
        if len(content) < self.offset:
            content.extend(bytes(self.offset - len(content)))
        content[self.offset:self.offset + len(self.data)] = self.data


@dataclass(frozen=True)
class Cut:
    """A new length."""

    size: int

    def apply(self, content: bytearray) -> None:
        if len(content) > self.size:
            del content[self.size:]
        else:
            content.extend(bytes(self.size - len(content)))


@dataclass(frozen=True)
class Event:
    """One change of the folder: a system call, in the words of a disk."""

    kind: str
    """create, write, cut, sync, sync-folder, unlink, rename, link"""
    name: str
    """The name that the file has at this moment."""
    offset: int = 0
    data: bytes = b""
    target: str = ""


class UnknownCall(Exception):
    """A call that changes a file in a way which the disk does not know."""


def events(calls: Iterable[Call], folder: Path, names: Iterable[str]) -> Iterator[Event]:
    """What recorded calls did to a folder that held these names, and that nobody else changed."""
    inside = str(folder) + "/"

    def name_of(path: str, is_argument: bool = False) -> str | None:
        if is_argument and not path.startswith("/"):
            path = inside + path  # the run's working directory
        if not path.startswith(inside) or "/" in path[len(inside):]:
            return None
        return path[len(inside):]

    known = set(names)
    positions: dict[int, int] = {}
    """Where the next `write` of a descriptor goes."""
    for call in calls:
        if call.name in ("open", "openat", "creat"):
            name = name_of(call.result_path or "")
            positions[call.result] = 0
            if name is None:
                continue
            if "O_APPEND" in call.arguments:
                raise UnknownCall(f"{name} is opened to append")
            if name not in known and "O_CREAT" in call.arguments:
                known.add(name)
                yield Event("create", name)
            if "O_TRUNC" in call.arguments:
                yield Event("cut", name)
        elif call.name in ("unlink", "unlinkat"):
            name = name_of(call.strings()[0].decode(), True)
            if name is not None:
                known.discard(name)
                yield Event("unlink", name)
        elif call.name in ("rename", "renameat", "renameat2"):
            old, new = (name_of(text.decode(), True) for text in call.strings()[:2])
            if old is not None and new is not None:
                known.discard(old)
                known.add(new)
                yield Event("rename", old, target=new)
        elif (place := call.descriptor()) is not None:
            descriptor_name = name_of(place[1])
            if place[1] == str(folder) and call.name in ("fsync", "fdatasync"):
                yield Event("sync-folder", "")
            if descriptor_name is None or call.name == "close":
                continue
            if call.name in ("fsync", "fdatasync"):
                yield Event("sync", descriptor_name)
            elif call.name == "ftruncate":
                yield Event("cut", descriptor_name, offset=call.last_number())
            elif call.name == "pwrite64":
                data = call.strings()[0][:call.result]
                yield Event("write", descriptor_name, offset=call.last_number(), data=data)
            elif call.name == "write":
                data = call.strings()[0][:call.result]
                offset = positions.get(place[0], 0)
                positions[place[0]] = offset + len(data)
                yield Event("write", descriptor_name, offset=offset, data=data)
            elif call.name == "lseek":
                positions[place[0]] = call.result
            else:
                raise UnknownCall(f"{call.name} of {descriptor_name}")
        elif call.name in ("link", "linkat"):
            old, new = (name_of(text.decode(), True) for text in call.strings()[:2])
            if old is not None and new is not None:
                known.add(new)
                yield Event("link", old, target=new)
        elif call.name in ("symlink", "truncate"):
            raise UnknownCall(call.name)


@dataclass
class Disk:
    """The state of a folder while a run goes on."""

    names: dict[str, File]
    """As programs see them."""
    synced_names: dict[str, File]
    pending_names: list[Event] = field(default_factory=list)
    created: dict[int, File] = field(default_factory=dict)
    """The file that each pending event of `create` made, by the identity of the event."""

    @classmethod
    def holding(cls, content: dict[str, bytes]) -> "Disk":
        files = {name: File(data) for name, data in content.items()}
        return cls(dict(files), dict(files))

    def apply(self, event: Event, syncs: bool, names_sync_with_files: bool) -> None:
        """Replays an event.

        - syncs: whether syncs do anything; a control lets them do nothing.
        - names_sync_with_files: a sync of any file makes all names durable, as ext4's journal
          does; else only a sync of the folder does.
        """
        if event.kind in ("create", "unlink", "rename", "link"):
            if event.kind == "create":
                self.created[id(event)] = File()
            self._change(self.names, event)
            self.pending_names.append(event)
        elif event.kind == "sync-folder":
            if syncs:
                self._sync_names()
        elif (file := self.names.get(event.name)) is not None:
            if event.kind == "write":
                file.pending += sectors(event.offset, event.data)
            elif event.kind == "cut":
                file.pending.append(Cut(event.offset))
            elif syncs:
                file.synced, file.pending = bytes(file.now()), []
                if names_sync_with_files:
                    self._sync_names()

    def _change(self, names: dict[str, File], event: Event) -> None:
        if event.kind == "create":
            names[event.name] = self.created[id(event)]
        elif event.kind == "unlink":
            names.pop(event.name, None)
        elif event.name in names:
            names[event.target] = names[event.name]
            if event.kind == "rename":
                del names[event.name]

    def _sync_names(self) -> None:
        for event in self.pending_names:
            self._change(self.synced_names, event)
        self.pending_names = []

    def fail(self, rng: Random) -> dict[str, bytes]:
        """What is left when the power fails now: names and bytes."""
        names = dict(self.synced_names)
        for event in self.pending_names[:rng.randint(0, len(self.pending_names))]:
            self._change(names, event)
        left = {}
        for name, file in names.items():
            share = rng.choice([0.0, 0.1, 0.5, 0.9, 1.0])
            content = bytearray(file.synced)
            for change in file.pending:
                if rng.random() < share:
                    change.apply(content)
            left[name] = bytes(content)
        return left


def sectors(offset: int, data: bytes) -> Iterator[Write]:
    """A write, cut at the borders of sectors."""
    while data:
        room = SECTOR - offset % SECTOR
        yield Write(offset, data[:room])
        offset, data = offset + room, data[room:]
