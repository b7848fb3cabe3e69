"""The client that all adapters share: what becomes a number, what does not, and how it waits."""

import asyncio
import http.server
import math
import os
import socket
import threading
import time
import unittest

from service import FIGURE, SCORE, RewardFake, environment, service

import llmi_reward
from fakes.server import Reply

SAMPLE = {"answer": FIGURE, "image_num": 1}


def later(status, seconds="0"):
    return Reply(status, {"error": {"code": "busy", "message": "busy"}}, {"Retry-After": seconds})


class ClientTest(unittest.TestCase):
    def test_results_come_in_the_order_of_the_samples(self):
        with service() as fake:
            found = llmi_reward.rate([SAMPLE, {**SAMPLE, "answer": ""}, SAMPLE])
        self.assertEqual([result["components"]["count"] for result in found], [1, 0, 1])
        self.assertEqual(len(fake.requests), 1)
        self.assertGreater(fake.requests[0].json["deadline_ms"], 299_000)
        self.assertNotIn("variant", fake.requests[0].json)

    def test_only_a_vouched_finite_score_is_a_number(self):
        self.assertEqual(llmi_reward.number({"status": "ok", "score": 1}), 1.0)
        self.assertEqual(llmi_reward.number({"status": "rules_only", "score": 0.25}), 0.25)
        for status, score in (("degraded", 0.5), ("unavailable", 0.0), ("ok", None), ("ok", math.nan), ("ok", True), ("ok", "1"), (None, 1)):
            self.assertIsNone(llmi_reward.number({"status": status, "score": score}), (status, score))

    def test_the_same_names_for_every_result(self):
        names = set(llmi_reward.numbers({"status": "unavailable"}))
        for judges in ("up", "off", "half", "down"):
            with service(judges=judges):
                found = llmi_reward.numbers(llmi_reward.rate([SAMPLE])[0])
            self.assertEqual(set(found), names)
            self.assertTrue(all(type(value) is float for value in found.values()), found)
            self.assertEqual(math.isnan(found["score"]), judges in ("half", "down"))
            self.assertEqual((found["degraded"], found["unavailable"]), (float(judges == "half"), float(judges == "down")))

    def test_asks_again_when_told_to_come_later(self):
        for status in (429, 503):
            with self.subTest(status), service(failures=[later(status), later(status)]) as fake:
                self.assertAlmostEqual(llmi_reward.number(llmi_reward.rate([SAMPLE])[0]), SCORE)
                self.assertEqual(len(fake.requests), 3)

    def test_waits_as_long_as_it_is_told(self):
        with service(failures=[later(503, "2")]):
            begin = time.monotonic()
            llmi_reward.rate([SAMPLE])
            self.assertGreaterEqual(time.monotonic() - begin, 2)

    def test_gives_up_at_once_when_it_is_told_to_wait_past_its_time(self):
        with service(failures=[later(503, "60")]):
            begin = time.monotonic()
            with self.assertRaisesRegex(llmi_reward.NoScore, "busy"):
                llmi_reward.rate([SAMPLE], timeout=5)
            self.assertLess(time.monotonic() - begin, 2)

    def test_a_service_that_is_not_there_is_no_score(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            url = "http://127.0.0.1:%d" % free.getsockname()[1]
        with environment(url), self.assertRaises(llmi_reward.NoScore):
            llmi_reward.rate([SAMPLE], timeout=1)

    def test_a_reply_that_breaks_off_is_asked_for_again(self):
        with service(failures=[Reply(200, {"results": [{"status": "ok", "score": 1.0}]}, cut=True)]):
            self.assertAlmostEqual(llmi_reward.number(llmi_reward.rate([SAMPLE])[0]), SCORE)

    def test_what_the_service_refuses_is_an_error_at_once(self):
        with service() as fake:
            with self.assertRaisesRegex(llmi_reward.Refused, r"samples\[1\]\.image_num"):
                llmi_reward.rate([SAMPLE, {"answer": "no number"}])
            with self.assertRaisesRegex(llmi_reward.Refused, "variant: must be"):
                llmi_reward.rate([SAMPLE], variant="best")
            self.assertEqual(len(fake.requests), 2)

    def test_an_answer_without_as_many_results_is_an_error(self):
        for body in (b"<html>", {}, {"results": []}, {"results": [1]}, []):
            with self.subTest(body), service(failures=[Reply(200, body)]), self.assertRaises(llmi_reward.Refused):
                llmi_reward.rate([SAMPLE])

    def test_token_and_variant_from_the_environment(self):
        secret = {"LLMI_REWARD_TOKEN": "s3cret", "LLMI_REWARD_VARIANT": "paper"}
        with service(secret, key="s3cret") as fake:
            self.assertEqual(llmi_reward.rate([SAMPLE])[0]["variant"], "paper")
            self.assertEqual(llmi_reward.rate([SAMPLE], variant="strict")[0]["variant"], "strict")
        with service({"LLMI_REWARD_TOKEN": "wr0ng"}, key="s3cret"), self.assertRaisesRegex(llmi_reward.Refused, "401") as caught:
            llmi_reward.rate([SAMPLE])
        self.assertNotIn("wr0ng", str(caught.exception))
        with service() as fake:
            llmi_reward.rate([SAMPLE])
        self.assertNotIn("authorization", fake.requests[0].headers)

    def test_address_with_and_without_the_route(self):
        with RewardFake() as fake, environment():
            for suffix in ("", "/", "/v1", "/v1/", "/v1/reward"):
                llmi_reward.rate([SAMPLE], base_url=fake.url + suffix)
            self.assertEqual(len(fake.asked("/v1/reward")), 5)
            for address in (None, "127.0.0.1:80", "ftp://127.0.0.1"):
                with self.assertRaisesRegex(llmi_reward.Refused, "LLMI_REWARD_URL"):
                    llmi_reward.rate([SAMPLE], base_url=address)

    def test_256_at_once_reach_the_service_together(self):
        async def step():
            return await asyncio.gather(*(llmi_reward.rate_soon([SAMPLE], timeout=40) for _ in range(256)))

        together = threading.Barrier(256, timeout=30)
        with service(before=together.wait):
            found = asyncio.run(step())
        self.assertEqual([result["status"] for [result] in found], ["ok"] * 256)
        self.assertFalse(together.broken)

    def test_connections_are_kept_and_replaced_when_the_service_closed_them(self):
        with Counting() as counting, environment(counting.url):
            for _ in range(5):
                llmi_reward.rate([SAMPLE])
            self.assertEqual(counting.connections, 1)
            counting.hang_up = True
            llmi_reward.rate([SAMPLE])  # The service hangs up after this one, without a word.
            counting.hang_up = False
            begin = time.monotonic()
            llmi_reward.rate([SAMPLE])
            self.assertEqual(counting.connections, 2)
            self.assertLess(time.monotonic() - begin, 0.25)

    def test_several_event_loops_after_one_another(self):
        with service():
            for _ in range(2):
                [result] = asyncio.run(llmi_reward.rate_soon([SAMPLE]))
                self.assertAlmostEqual(llmi_reward.number(result), SCORE)

    def test_a_forked_child_has_connections_and_threads_of_its_own(self):
        with service():
            asyncio.run(llmi_reward.rate_soon([SAMPLE]))
            child = os.fork()
            if child == 0:
                code = 1
                try:
                    [result] = asyncio.run(asyncio.wait_for(llmi_reward.rate_soon([SAMPLE]), 10))
                    code = 0 if llmi_reward.number(result) else 2
                finally:
                    os._exit(code)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), 0)


class Counting:
    """A service that counts connections and can hang up after a reply without saying so beforehand."""

    def __enter__(self):
        counting = self
        counting.connections, counting.hang_up = 0, False

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self):
                counting.connections += 1
                super().setup()

            def log_message(self, *_):
                pass

            def do_POST(self):
                self.rfile.read(int(self.headers["Content-Length"]))
                body = b'{"results": [{"status": "ok", "score": 1.0}]}'
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = counting.hang_up

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


if __name__ == "__main__":
    unittest.main()
