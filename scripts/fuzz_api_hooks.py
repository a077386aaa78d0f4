"""What scripts/fuzz-api adds to schemathesis; named in fuzz-api.toml."""

import itertools
import json
import os
import re

import schemathesis

KEY = "Idempotency-Key"
KEY_SHAPE = re.compile(r"[!-~]{1,255}")

# Ids of the fuzzer's own person, token and membership, and operations that
# would take its access away: everything after that would be a meaningless 401.
OWN = frozenset(os.environ.get("HUIYIN_FUZZ_OWN", "").split())
TAKE_ACCESS = {
    "change_membership_posts",
    "deactivate_person",
    "end_membership",
    "revoke_person_token",
    "revoke_token",
}
NOBODY = "00000000-0000-7000-8000-000000000000"

# Faults of a single field that a schema is able to say. A request that fits
# its schema and is refused with one of them shows that the document lies.
SCHEMA_SAYS = {
    "code_shape",
    "invalid_value",
    "list_length",
    "login_shape",
    "missing_field",
    "out_of_range",
    "password_too_long",
    "password_too_short",
    "pin_shape",
    "text_length",
    "too_long",
    "unknown_field",
    "unknown_value",
    "wrong_type",
}

# Maps whose keys and values the pack of the desk defines, not the document.
OF_THE_PACK = ("fields.", "texts.")

numbers = itertools.count(1)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives each request a key of its own and a version its quotes, and keeps
    the fuzzer from locking itself out."""
    headers = case.headers
    # The generator likes one key best, and a server that sees a key again with
    # another body refuses that without looking at the body.
    key = headers.get(KEY)
    if isinstance(key, str) and KEY_SHAPE.fullmatch(key):
        headers[KEY] = f"fuzz-{os.getpid()}-{next(numbers)}"
    # The coverage phase of schemathesis 4.32 sends the value that the pattern
    # of the document allows, digits in quotes, without the quotes; the server
    # refuses that rightly and would never come to look at the body.
    version = headers.get("If-Match")
    if isinstance(version, str) and re.fullmatch(r"[0-9]{1,18}", version):
        headers["If-Match"] = f'"{version}"'
    if operation_id(case) in TAKE_ACCESS:
        for name, value in case.path_parameters.items():
            if str(value).lower() in OWN:
                case.path_parameters[name] = NOBODY


def operation_id(case):
    """The name of the operation in the document."""
    return case.operation.definition.raw.get("operationId")


@schemathesis.check
def document_says_what_is_refused(ctx, response, case):
    """Nothing that fits its schema is refused for its shape."""
    if response.status_code != 422 or case.meta is None or not case.meta.generation.mode.is_positive:
        return
    # `body` is that of whichever action is named: one schema cannot say which
    if case.operation.path.endswith(("/bulk-runs", "/prepared")):
        return
    problem = json.loads(response.content)
    faults = [
        f"{field['path']}: {field['code']}"
        for field in problem["fields"]
        if field["code"] in SCHEMA_SAYS and not field["path"].startswith(OF_THE_PACK)
    ]
    if faults:
        raise AssertionError(f"fits the document and is refused for its shape: {', '.join(faults)}")
