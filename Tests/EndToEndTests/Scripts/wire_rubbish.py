"""Requests that are wrong in every way that their descriptors allow."""

import math

from google.protobuf.descriptor import FieldDescriptor as Field

STRINGS = ("", "rubbish", "\0", "a\nb\u202e\U0001f4a9'\"\\;--%", "x" * 5_000)
BYTES = (b"", b"\xff\0", b"x" * 5_000)
DEEPEST = 4
MANY = 2_000
# No message at all, a field that ends too early, a group that never ends, and a number longer than any.
BROKEN = (b"\xff" * 20, b"\x0a\x7fx", b"\x0b", b"\x08" + b"\xff" * 11)


def values_of(field):
    """Wrong values of a field of one value that is no message."""
    signed, width = field.type not in (Field.TYPE_UINT32, Field.TYPE_UINT64), 63
    if field.cpp_type in (Field.CPPTYPE_INT32, Field.CPPTYPE_UINT32):
        width = 31
    return {
        Field.CPPTYPE_STRING: BYTES if field.type == Field.TYPE_BYTES else STRINGS,
        Field.CPPTYPE_BOOL: (False, True),
        Field.CPPTYPE_ENUM: (0, -1, 999),
        Field.CPPTYPE_DOUBLE: (-1.0, 1e300, math.nan, math.inf),
        Field.CPPTYPE_FLOAT: (-1.0, 1e30, math.nan, math.inf),
    }.get(field.cpp_type, (0, -1, -(1 << width), (1 << width) - 1) if signed else (0, (2 << width) - 1))


def filled(message, pick, depth=0):
    """The message with every field set to what `pick` chooses of its wrong values. Of a oneof the last field stays."""
    for field in message.DESCRIPTOR.fields:
        if is_map(field):
            # All there are have texts as keys and values.
            getattr(message, field.name)[pick(STRINGS)] = pick(STRINGS)
        elif field.cpp_type == Field.CPPTYPE_MESSAGE:
            if depth == DEEPEST:
                continue
            inner = getattr(message, field.name)
            filled(inner.add() if field.is_repeated else inner, pick, depth + 1)
            if not field.is_repeated:
                inner.SetInParent()
        elif field.is_repeated:
            getattr(message, field.name).append(pick(values_of(field)))
        else:
            setattr(message, field.name, pick(values_of(field)))
    return message


def is_map(field):
    return field.cpp_type == Field.CPPTYPE_MESSAGE and field.message_type.GetOptions().map_entry


def places(message, path=()):
    """The path to each field of the message, and of the messages in it that are set."""
    for field in message.DESCRIPTOR.fields:
        yield (*path, field.name)
        if field.cpp_type != Field.CPPTYPE_MESSAGE or is_map(field):
            continue
        if field.is_repeated:
            for index, inner in enumerate(getattr(message, field.name)):
                yield from places(inner, (*path, field.name, index))
        elif message.HasField(field.name):
            yield from places(getattr(message, field.name), (*path, field.name))
        else:
            # One level of what is absent: its empty message is filled where that is tried.
            yield from ((*path, field.name, inner.name) for inner in field.message_type.fields)


def changes(valid, path):
    """The valid message with other values in one place."""
    parent = valid
    for step in path[:-1]:
        parent = parent[step] if isinstance(step, int) else getattr(parent, step)
    field = parent.DESCRIPTOR.fields_by_name[path[-1]]

    def changed(change):
        copy = type(valid)()
        copy.CopyFrom(valid)
        inner = copy
        for step in path[:-1]:
            inner = inner[step] if isinstance(step, int) else getattr(inner, step)
            if not isinstance(step, int) and hasattr(inner, "SetInParent"):
                inner.SetInParent()
        change(inner)
        return copy

    name = field.name
    if is_map(field):
        for text in STRINGS:
            yield changed(lambda inner: getattr(inner, name).update({text: "value"}))
            yield changed(lambda inner: getattr(inner, name).update({"NAME": text}))
    elif field.cpp_type == Field.CPPTYPE_MESSAGE:
        yield changed(lambda inner: inner.ClearField(name))
        if field.is_repeated:
            yield changed(lambda inner: [getattr(inner, name).add() for _ in range(MANY)])
        else:
            yield changed(lambda inner: getattr(inner, name).SetInParent())
    elif field.is_repeated:
        yield changed(lambda inner: inner.ClearField(name))
        for value in values_of(field):
            yield changed(lambda inner: getattr(inner, name).append(value))
        yield changed(lambda inner: getattr(inner, name).extend(values_of(field)[-1:] * 20))
    else:
        for value in values_of(field):
            yield changed(lambda inner: setattr(inner, name, value))


def requests(valid, others=()):
    """Wrong requests with their names: whole ones, then the valid one with one thing wrong.

    Of each other valid request comes what only it has: each is a message, and the path to the part that the first doesn't have.
    """
    yield "nothing", type(valid)()
    for index, name in ((1, "rubbish"), (-2, "small values"), (-1, "large values")):
        yield name, filled(type(valid)(), lambda values: values[index])
    for data in BROKEN:
        yield "broken bytes", data
    for base, part in ((valid, ()), *others):
        for path in places(base):
            if path[:len(part)] == part:
                for message in changes(base, path):
                    yield "wrong " + ".".join(map(str, path)), message
    text = next((field for field in valid.DESCRIPTOR.fields if field.type == Field.TYPE_STRING and not field.is_repeated), None)
    if text:
        # Bytes that are no UTF-8; what comes last of a field counts.
        tag = text.number << 3 | 2
        yield "no UTF-8", valid.SerializeToString() + bytes([tag, 2, 0xC3, 0x28])
