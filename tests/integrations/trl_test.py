"""TRL's reward function: against a service, then called by TRL's own scoring of a group."""

import asyncio
import math
import types
import unittest
import unittest.mock
import warnings

import PIL.Image
from service import FIGURE, SCORE, environment, extra_info, frameworks, service

import llmi_reward
import llmi_trl

CHAT = [{"role": "user", "content": "Write about foxes."}]


def rewards(prompts, completions, **columns):
    return asyncio.run(llmi_trl.reward_func(prompts=prompts, completions=completions, completion_ids=[[1]] * len(prompts), trainer_state=object(), **columns))


class AdapterTest(unittest.TestCase):
    def test_texts(self):
        with service() as fake:
            found = rewards(["Foxes?", "Hens?"], [FIGURE, ""], image_num=[1, 1], tools=[["search"], []], split=["train", "test"])
        self.assertAlmostEqual(found[0], SCORE)
        self.assertLess(found[1], SCORE)
        self.assertEqual(len(fake.requests), 1)
        self.assertEqual(fake.samples, [{"answer": FIGURE, "prompt": "Foxes?", "image_num": 1, "tools": ["search"], "split": "train"},
                                        {"answer": "", "prompt": "Hens?", "image_num": 1, "tools": [], "split": "test"}])

    def test_chats_and_rows_of_a_prompt_set(self):
        completion = [{"role": "assistant", "content": "One."}, {"role": "tool", "name": "x", "content": "seen"},
                      {"role": "assistant", "content": [{"type": "text", "text": FIGURE}]}]
        with service() as fake:
            [found] = rewards([CHAT], [completion], extra_info=[extra_info()], data_source=["interleaved"], images=[None])
        self.assertAlmostEqual(found, SCORE)
        self.assertEqual(fake.samples, [{"answer": "One.\n\n" + FIGURE, "prompt": CHAT, "id": "en-foxes-7", "image_num": 1, "tools": ["search"],
                                         "split": "train", "data_source": "interleaved"}])

    def test_a_column_wins_over_extra_info(self):
        with service() as fake:
            rewards(["?"], [FIGURE], extra_info=[extra_info()], image_num=[2])
        self.assertEqual(fake.samples[0]["image_num"], 2)

    def test_pictures_of_the_prompt(self):
        image = PIL.Image.new("RGB", (2, 2), "red")
        chat = [{"role": "user", "content": [{"type": "image", "image": image}, {"type": "text", "text": "What is it?"}]}]
        said = [{"role": "user", "content": "What is it?"}]
        with service() as fake:
            rewards([chat], [""], image_num=[0])
            rewards([chat], [""], image_num=[0], images=[[image, {"bytes": b"\x89PNG", "path": None}]])
            rewards([said], [""], image_num=[0], image=[image])
        for sample, count in zip(fake.samples, (1, 2, 1), strict=True):
            self.assertEqual(sample["prompt"], said)
            self.assertEqual(len(sample["images"]), count)
            self.assertTrue(sample["images"][0].startswith("data:image/png;base64,iVBOR"))

    def test_none_where_there_is_no_score(self):
        metrics = []
        with service(deaf_to="unlucky"), self.assertLogs(level="WARNING") as logs:
            found = rewards(["?"] * 4, [FIGURE, "unlucky", "", "unlucky"], image_num=[1] * 4, log_metric=lambda *each: metrics.append(each))
        self.assertEqual([reward is None for reward in found], [False, True, False, True])
        self.assertIn("2 of 4", logs.output[0])
        self.assertEqual(metrics, [("llmi/without_reward", 0.5)])
        with service(judges="half"), self.assertLogs(level="WARNING"):
            self.assertEqual(rewards(["?"], [FIGURE], image_num=[1]), [None])

    def test_none_for_all_when_the_service_stays_away(self):
        with environment("http://127.0.0.1:9"), unittest.mock.patch.object(llmi_reward, "PATIENCE_SECONDS", 0.1), self.assertLogs(level="WARNING"):
            self.assertEqual(rewards(["?"] * 2, [FIGURE] * 2, image_num=[1] * 2), [None, None])

    def test_a_column_that_is_missing_is_an_error(self):
        with service(), self.assertRaisesRegex(llmi_reward.Refused, "image_num"):
            rewards(["?"], [FIGURE])


class TrlTest(unittest.TestCase):
    """TRL 1.16.0 itself, without torch: how its rollout loop scores a group. `./check trl` trains."""

    @classmethod
    def setUpClass(cls):
        frameworks()
        cls.enterClassContext(warnings.catch_warnings())
        warnings.simplefilter("ignore")
        from trl.experimental.async_grpo import async_rollout_worker

        cls.worker = async_rollout_worker

    def advantages(self, *answers):
        group = self.worker.RolloutGroup(
            prompts=[CHAT] * len(answers), completions=[[{"role": "assistant", "content": answer}] for answer in answers],
            reward_kwargs={"extra_info": [extra_info()] * len(answers)}, completions_ids=[[1]] * len(answers),
            completions_sequences=[[self.worker.TrainingSequence([1], [1], [0.0], 0)] for _ in answers], tool_call_counts=[0] * len(answers),
            tool_failure_counts=[0] * len(answers), model_version=0, group_id=0, env_rewards=[], rollout_rewards=[])
        loop = types.SimpleNamespace(reward_funcs=[llmi_trl.reward_func], reward_func_names=["llmi"], _env_reward_types=[], _provides_rollout_reward=False)
        samples = asyncio.run(self.worker._AsyncRolloutLoop._score_group(loop, group))
        return [sample.advantage for sample in samples], [sample.metrics["reward"] for sample in samples]

    def test_a_group(self):
        with service() as fake:
            advantages, found = self.advantages(FIGURE, "", FIGURE * 2)
        self.assertEqual(len(fake.requests), 1)
        self.assertAlmostEqual(found[0], SCORE)
        self.assertAlmostEqual(sum(advantages), 0)
        self.assertEqual(sorted(advantages), [advantages[1], advantages[2], advantages[0]])

    def test_an_answer_without_a_score_teaches_nothing(self):
        with service(deaf_to="unlucky"), self.assertLogs(level="WARNING"):
            advantages, found = self.advantages(FIGURE, "unlucky", "")
        self.assertTrue(math.isnan(found[1]))
        self.assertEqual(advantages[1], 0)
        self.assertAlmostEqual(advantages[0] + advantages[2], 0)
        self.assertGreater(advantages[0], 0)


if __name__ == "__main__":
    unittest.main()
