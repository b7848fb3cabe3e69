"""The adapters with the real service, `llmi serve --reward`, and fake judges; and the fake service beside the real one."""

import asyncio
import base64
import json
import sys
import unittest
import unittest.mock
import urllib.error
import urllib.request

from service import ROOT, environment, extra_info, service

import llmi_openrlhf
import llmi_reward
import llmi_trl
import llmi_verl
from fakes.judge import JudgeFake

sys.path.append(str(ROOT / "tests/e2e"))
from program import Program  # noqa: E402
from serve_test import Service, judges  # noqa: E402

PLOT = '# Bars\n\nHere they are.\n\n<imgen>{"source": "code", "description": "Bars", "params": {"code": "plt.bar([1, 2], [3, 4])"}}</imgen>\n'
# The fake judges' marks: text 4, tags 3, pictures 4, 5 and 4.
SCORE = 0.2 + 0.3 * (13 / 3 - 1) / 4 + 0.5 * ((1.4 * 4 + 0.6 * 3) / 2 - 1) / 4
PNG = "data:image/png;base64," + base64.b64encode(base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC")).decode()


def row(**more):
    return extra_info(tools=["code"], question="Draw bars.", **more)


def by_verl(**options):
    return asyncio.run(llmi_verl.compute_score("interleaved", PLOT, "?", row(), **options))


def by_trl(*answers):
    return asyncio.run(llmi_trl.reward_func(["Draw bars."] * len(answers), list(answers), extra_info=[row()] * len(answers)))


class RealServiceTest(unittest.TestCase):
    def serve(self, judge, *flags, variables=(), env=None):
        """A service whose judges are those of `judge`; the adapters find it through the environment."""
        found = self.enterContext(Service(Program(), *judges(judge, "--variant", "paper", "--judge-retries", "0", *flags), env=env))
        self.enterContext(environment(found.url, **dict(variables)))
        return found

    def test_every_adapter_gets_the_published_score(self):
        self.serve(self.enterContext(JudgeFake()))
        found = by_verl()
        self.assertAlmostEqual(found["score"], SCORE)
        self.assertEqual((found["count"], found["r_tool"], found["pictures"]), (1, 1, 1))
        self.assertAlmostEqual(by_trl(PLOT, "Bars.")[0], SCORE)
        query = "user: Draw bars.\nassistant: "
        found = llmi_openrlhf.reward_func([query + PLOT + "<|im_end|>"], [query], [row()])
        self.assertAlmostEqual(found["rewards"][0], SCORE)
        self.assertNotEqual(by_verl(variant="strict")["score"], found["rewards"][0])

    def test_pictures_of_the_prompt(self):
        judge = self.enterContext(JudgeFake())
        self.serve(judge)
        images = [{"bytes": base64.b64decode(PNG.split(",")[1]), "path": "a.png"}]
        found = asyncio.run(llmi_verl.compute_score("interleaved_mm", "One red dot.", "?", extra_info(image_num=0, images=images)))
        self.assertEqual(found["count"], 1)
        self.assertAlmostEqual(found["llm"], ((1.5 * 4 + 0.5 * 5) / 2 - 1) / 4)

    def test_an_outage_is_no_number_anywhere(self):
        self.serve(self.enterContext(JudgeFake(down=["text-judge", "picture-judge"])))
        with self.assertRaises(llmi_reward.NoScore):
            by_verl()
        self.assertEqual(by_verl(on_unavailable="nan")["unavailable"], 1)
        with self.assertLogs("llmi_trl", "WARNING"):
            self.assertEqual(by_trl(PLOT, PLOT), [None, None])
        with self.assertRaises(llmi_reward.NoScore):
            llmi_openrlhf.reward_func(["?" + PLOT], ["?"], [row()])

    def test_one_judge_of_two_is_no_number_either(self):
        self.serve(self.enterContext(JudgeFake(down=["picture-judge"])))
        found = by_verl(on_unavailable="nan")
        self.assertEqual((found["degraded"], found["unavailable"]), (1, 0))
        self.assertAlmostEqual(found["llm"], 0.675)
        with self.assertRaises(llmi_reward.NoScore):
            by_verl()

    def test_a_token(self):
        secret = {"LLMI_REWARD_API_KEY_ENV": "SECRET", "SECRET": "s3cret"}
        self.serve(self.enterContext(JudgeFake()), env=secret, variables={"LLMI_REWARD_TOKEN": "s3cret"})
        self.assertAlmostEqual(by_verl()["score"], SCORE)
        with unittest.mock.patch.dict("os.environ", {"LLMI_REWARD_TOKEN": "wrong"}), self.assertRaisesRegex(llmi_reward.Refused, "401"):
            by_verl()

    def test_a_full_service_is_waited_for(self):
        real = self.serve(self.enterContext(JudgeFake(delay=0.02)), env={"LLMI_REWARD_MAX_OPEN": "2"})

        async def step():
            return await asyncio.gather(*(llmi_verl.compute_score("", f"Number {n}.", "?", {"image_num": 0}) for n in range(24)))

        found = asyncio.run(step())
        self.assertEqual([type(each["score"]) for each in found], [float] * 24)
        self.assertTrue(all(0 < each["score"] <= 1 for each in found), found)
        self.assertIn('{route="/v1/reward",status="503"}', real.ask("/metrics")[1])

    def test_the_fake_answers_as_the_real_one(self):
        good = {"answer": "Words.", "image_num": 0}
        bodies = [{"samples": [good]}, {"samples": []}, {}, {"samples": [good], "variant": "best"}, {"samples": [good, {"answer": "x"}]}]
        oddities = ({"image_num": -2}, {"image_num": "1"}, {"image_num": 1001}, {"answer": None}, {"answer": 1}, {"split": "dev"}, {"split": "test"}, {"modality": "multimodal"},
                    {"modality": "mm"}, {"tools": ["paint"]}, {"tools": []}, {"needs_pictures": "yes"}, {"needs_pictures": None}, {"images": ["a.png"]}, {"images": [PNG]},
                    {"images": []}, {"id": 7}, {"id": "a"}, {"id": 1.5}, {"prompt": "text"}, {"prompt": [{"role": "user", "content": "text"}]},
                    {"prompt": [{"role": "system", "content": "text"}]}, {"prompt": []}, {"data_source": "interleaved"}, {"extra_info": {}})
        bodies += [{"samples": [{**good, **odd}]} for odd in oddities]
        real = self.serve(self.enterContext(JudgeFake()))
        with service() as fake:
            for body in bodies:
                with self.subTest(body):
                    status, reply = ask(real.url, body)
                    told, shown = ask(fake.url, body)
                    self.assertEqual(told, status, reply)
                    if status == 200:
                        self.assert_covers(reply, shown)
                    else:
                        self.assertEqual(shown["error"]["message"].split(":")[0], reply["error"]["message"].split(":")[0])

    def assert_covers(self, real, fake):
        """Whatever the fake says, the real one says too, with the same kind of value."""
        if isinstance(fake, dict):
            for name, value in fake.items():
                self.assertIn(name, real)
                self.assert_covers(real[name], value)
        elif isinstance(fake, list):
            self.assertEqual(len(real), len(fake))
            for one, other in zip(real, fake):
                self.assert_covers(one, other)
        else:
            self.assertEqual(isinstance(real, (int, float)), isinstance(fake, (int, float)), (real, fake))


def ask(url, body):
    request = urllib.request.Request(url + "/v1/reward", json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


if __name__ == "__main__":
    unittest.main()
