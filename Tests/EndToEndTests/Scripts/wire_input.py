"""Valid input of each RPC: what a recipe makes, or what its fields tell by their names."""

import dataclasses

from google.protobuf.descriptor import FieldDescriptor as Field

from callers import usd

RECIPES = {}


@dataclasses.dataclass
class Input:
    """A valid request, who may send it if not everyone of its audience, and another one where a fresh input would be the same.

    `kinds` are more valid requests by the path to what makes them others, for requests that can be of several kinds.
    """

    request: dict
    caller: object = None
    other: dict = None
    kinds: dict = dataclasses.field(default_factory=dict)


def recipe(*methods):
    def add(make):
        RECIPES.update(dict.fromkeys(methods, make))
        return make

    return add


def input_of(world, method, caller):
    """Fresh valid input of a method, by its recipe or from its fields."""
    make = RECIPES.get(method.name)
    made = make(world, caller) if make else default(world, method)
    return made if isinstance(made, Input) else Input(made)


def default(world, method):
    """What lists and look-ups need: known ids, and texts where the name of the field says what they are."""
    request = {}
    for field in method.input.DESCRIPTOR.fields:
        if field.is_repeated or field.containing_oneof:
            continue
        if field.name in world.ids:
            request[field.name] = world.ids[field.name]
        elif field.type == Field.TYPE_STRING and field.name in ("name", "reason", "title"):
            request[field.name] = world.name("some")
        elif field.message_type and field.message_type.name == "Money":
            request[field.name] = usd(100)
        elif field.name == "page_size":
            request[field.name] = 2
    return request
