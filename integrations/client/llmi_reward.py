"""Client of the reward service, `llmi serve --reward`, for the adapters. Standard library only.

A score comes from the service or there is none: no failure turns into a number. Every function may be called from any
thread and any event loop; connections are kept and shared. Where the service is: LLMI_REWARD_URL. Which reward:
LLMI_REWARD_VARIANT, else the service's own choice. LLMI_REWARD_TOKEN, where it is set, goes along as a bearer token.
"""

import asyncio
import collections
import concurrent.futures
import http.client
import json
import math
import os
import random
import time
from urllib.parse import urlsplit

PATIENCE_SECONDS = 300
# verl asks for the samples of a whole step at once, one each; the service puts together what lies there together.
MOST_AT_ONCE = 256
ASK_LATER = (408, 429, 502, 503, 504)


class NoScore(RuntimeError):
    """There is no score: the service, a judge or a tool could not be reached in time. Asking later may help."""


class Refused(ValueError):
    """The service refuses what it was sent, or its answer makes no sense. Asking again does not help."""


def rate(samples, *, base_url=None, variant=None, timeout=None):
    """The service's results, one a sample and in their order, for `number` and `numbers` to read. Waits and asks again
    while the service is away or says "later". Raises NoScore when `timeout` seconds (PATIENCE_SECONDS where it is None)
    are over, and Refused."""
    place = find(base_url or os.environ.get("LLMI_REWARD_URL"))
    variant = variant or os.environ.get("LLMI_REWARD_VARIANT")
    request = {"samples": samples, **({"variant": variant} if variant else {})}
    deadline, pause = time.monotonic() + (PATIENCE_SECONDS if timeout is None else timeout), 0.25
    while True:
        left = max(deadline - time.monotonic(), 0.001)
        try:
            status, wait, body = post(place, {**request, "deadline_ms": math.ceil(left * 1000)}, left)
            if status == 200:
                return results(body, len(samples))
            trouble = f"HTTP {status}: {message(body)}"
            if status not in ASK_LATER:
                raise Refused(f"reward service: {trouble}")
        except (OSError, http.client.HTTPException) as error:
            trouble, wait = f"{type(error).__name__}: {error}", 0.0
        if not wait:
            wait, pause = pause, min(pause * 2, 10)
        wait *= random.uniform(1, 1.5)  # Those who were turned away together should not come back together.
        if time.monotonic() + wait >= deadline:
            raise NoScore(f"reward service at {place[1]}: {trouble}")
        time.sleep(wait)


async def rate_soon(samples, **options):
    """`rate` without holding up the event loop."""
    return await asyncio.get_running_loop().run_in_executor(threads, lambda: rate(samples, **options))


def number(result):
    """The score of a result, or None where the service does not stand by one."""
    score = result.get("score")
    stands = result.get("status") in ("ok", "rules_only") and type(score) in (int, float) and math.isfinite(score)
    return float(score) if stands else None


def numbers(result):
    """A result as numbers under the same names for every result; NaN is what is not known."""
    components, counts, tools = (result.get(name) or {} for name in ("components", "counts", "tools"))
    found = {
        "score": number(result),
        "count": components.get("count"),
        "llm": components.get("llm"),
        "mllm": components.get("mllm"),
        "r_tool": tools.get("r_tool"),
        "pictures": counts.get("valid"),
        "failed_pictures": counts.get("failed"),
        "degraded": result.get("status") == "degraded",
        "unavailable": result.get("status") == "unavailable",
    }
    return {name: math.nan if value is None else float(value) for name, value in found.items()}


def reason(result):
    """Why a result has no score, for people."""
    return f"{result.get('status')}: {(result.get('error') or {}).get('message', 'no score')}"


# ---- the wire


def find(url):
    """(scheme, host and port, path of the route) of an address with or without its /v1/reward."""
    parts = urlsplit(url or "")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Refused("LLMI_REWARD_URL or base_url has to be the reward service's address, like http://127.0.0.1:8088")
    return parts.scheme, parts.netloc, parts.path.rstrip("/").removesuffix("/reward").removesuffix("/v1") + "/v1/reward"


def post(place, request, timeout):
    """(status, seconds of Retry-After, body). The service itself ends at the deadline in the request; its answer then has
    ten seconds to arrive."""
    headers = {"Content-Type": "application/json"}
    if token := os.environ.get("LLMI_REWARD_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps(request).encode()
    while True:
        connection, kept = take(place, timeout + 10)
        try:
            connection.request("POST", place[2], body, headers)
            reply = connection.getresponse()
            answer = reply.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            if kept and isinstance(error, (ConnectionError, http.client.HTTPException)):
                continue  # It was closed while it lay idle. Scoring a sample twice asks no judge twice.
            raise
        if not reply.will_close:
            idle[place[:2]].append(connection)
        later = reply.headers.get("Retry-After", "")
        return reply.status, float(later) if later.isdigit() else 0.0, answer


def take(place, timeout):
    """(a connection for this thread alone, whether it was used before)."""
    try:
        connection = idle[place[:2]].pop()
    except IndexError:
        kind = http.client.HTTPSConnection if place[0] == "https" else http.client.HTTPConnection
        return kind(place[1], timeout=timeout), False
    connection.sock.settimeout(timeout)
    return connection, True


def results(body, wanted):
    try:
        found = json.loads(body)["results"]
        whole = len(found) == wanted and all(isinstance(result, dict) for result in found)
    except (ValueError, KeyError, TypeError):
        whole = False
    if not whole:
        raise Refused(f"reward service: an answer without {wanted} results; is this its address?")
    return found


def message(body):
    try:
        return json.loads(body)["error"]["message"]
    except (ValueError, KeyError, TypeError):
        return "no reason given"


def begin():
    """Connections and threads of this process; a forked child has to have its own."""
    global idle, threads
    for connection in [each for site in idle.values() for each in site]:
        connection.close()
    idle = collections.defaultdict(list)
    threads = concurrent.futures.ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="llmi-reward")


idle = {}
begin()
os.register_at_fork(after_in_child=begin)
