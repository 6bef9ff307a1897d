"""Reads MessagePack, as much of it as user lists have. Source: the MessagePack specification."""

import struct

INTEGERS = {0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q", 0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}
LENGTHS = {0xD9: (">B", "text"), 0xDA: (">H", "text"), 0xDB: (">I", "text"), 0xDC: (">H", "list"), 0xDD: (">I", "list"),
           0xDE: (">H", "map"), 0xDF: (">I", "map")}
CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}


def decode(data):
    reader = Reader(data)
    value = reader.value()
    if reader.position != len(data):
        raise ValueError("bytes after the document")
    return value


class Reader:
    def __init__(self, data):
        self.data = data
        self.position = 0

    def take(self, count):
        piece = self.data[self.position:self.position + count]
        if len(piece) < count:
            raise ValueError("the document ends in the middle")
        self.position += count
        return piece

    def number(self, form):
        [number] = struct.unpack(form, self.take(struct.calcsize(form)))
        return number

    def value(self):
        [tag] = self.take(1)
        if tag < 0x80:
            return tag
        if tag < 0x90:
            return self.sequence("map", tag & 0x0F)
        if tag < 0xA0:
            return self.sequence("list", tag & 0x0F)
        if tag < 0xC0:
            return self.sequence("text", tag & 0x1F)
        if tag >= 0xE0:
            return tag - 0x100
        if tag in CONSTANTS:
            return CONSTANTS[tag]
        if tag in INTEGERS:
            return self.number(INTEGERS[tag])
        if tag in LENGTHS:
            form, kind = LENGTHS[tag]
            return self.sequence(kind, self.number(form))
        raise ValueError(f"a type that user lists don't have: {tag:#x}")

    def sequence(self, kind, length):
        if kind == "text":
            return self.take(length).decode()
        if kind == "list":
            return [self.value() for _ in range(length)]
        return {self.value(): self.value() for _ in range(length)}
