"""Lets the reward calls of verl, TRL and OpenRLHF be imported where their large dependencies are not installed.

A module below one of `ROOTS` that is not there is replaced by one whose every name is a class that does nothing. The
frameworks' own code is never replaced: what a test then runs is theirs.
"""

import importlib.abc
import importlib.machinery
import sys
import types

ROOTS = ("torch", "triton", "tensordict", "codetiming", "orjson", "ray", "transformers", "accelerate", "datasets",
         "huggingface_hub", "jinja2", "pyarrow", "pydantic", "psutil", "sympy", "pylatexenc")


class Nothing(type):
    """Metaclass of names that are not there: as base class, decorator, type or part of a sum they do as if they were
    nothing, and what they return is false."""

    def __getattr__(cls, name):
        return named(name)

    def __call__(cls, *arguments, **options):
        return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else Returned()

    def __add__(cls, other):
        return other

    def __or__(cls, other):
        return cls

    __ror__ = __or__


class Returned:
    def __getattr__(self, name):
        return named(name)

    def __call__(self, decorated=None, *_, **__):
        return decorated

    def __bool__(self):
        return False


def named(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Nothing(name, (), {})


class Module(types.ModuleType):
    __path__ = ()
    __version__ = "999"

    def __getattr__(self, name):
        return named(name)


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Stands last on sys.meta_path, so whatever is installed wins."""

    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ROOTS:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return Module(spec.name)

    def exec_module(self, module):
        pass


def allow():
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())
