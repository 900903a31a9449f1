"""Gives every request with a valid Idempotency-Key a key of its own.

Two cases with one key would be one request to the gateway: the second gets the first one's answer again, also after a third
case has removed what that answer names. Invalid keys stay as they are, because their refusal is checked.
"""

import re
import uuid

import schemathesis

NAME = "Idempotency-Key"
VALID = re.compile(r"\A[!-~]{1,255}\Z")


@schemathesis.hook
def before_call(context, case, kwargs):
    key = (case.headers or {}).get(NAME)
    if isinstance(key, str) and VALID.match(key):
        case.headers[NAME] = f"fuzz-{uuid.uuid4()}"
        # A valid key in the place of another one changes nothing of the case's purpose. Without this the tool would look at the
        # headers anew, and send a request that is meant to lack its Authorization with it.
        case._record_starting_state()
