"""OpenRLHF's reward function: against a service, then called by OpenRLHF's own executor."""

import asyncio
import json
import logging
import types
import unittest

import numpy
from service import FIGURE, INTEGRATIONS, SCORE, environment, extra_info, frameworks, service

import llmi_openrlhf
import llmi_reward

PROMPT = "<|im_start|>user\nWrite about foxes.<|im_end|>\n<|im_start|>assistant\n"


def rewards(*answers, label=None, prompt=PROMPT):
    queries = [prompt + answer for answer in answers]
    return llmi_openrlhf.reward_func(queries, [prompt] * len(answers), [label or extra_info()] * len(answers))


class AdapterTest(unittest.TestCase):
    def test_the_map_that_openrlhf_expects(self):
        with service() as fake:
            found = rewards(FIGURE, FIGURE * 2)
        self.assertAlmostEqual(found["rewards"][0], SCORE)
        self.assertLess(found["rewards"][1], SCORE)
        self.assertEqual(found["scores"], found["rewards"])
        self.assertEqual(found["extra_logs"]["count"], [1, 0.7])
        self.assertTrue(all(len(values) == 2 for values in found["extra_logs"].values()))
        self.assertEqual(len(fake.requests), 1)

    def test_label_as_object_and_as_its_json(self):
        with service() as fake:
            rewards(FIGURE)
            rewards(FIGURE, label=json.dumps(extra_info()))
            rewards(FIGURE, label={"image_num": 0, "images": ["data:image/png;base64,iVBORw=="]})
        self.assertEqual(fake.samples[0], fake.samples[1])
        self.assertEqual(fake.samples[0]["prompt"], "Write about foxes.")
        self.assertEqual(fake.samples[0]["tools"], ["search"])
        self.assertEqual(fake.samples[2], {"answer": FIGURE, "prompt": PROMPT, "image_num": 0, "images": ["data:image/png;base64,iVBORw=="]})
        for label in ("", "a fox", "[1]", 3):
            with service(), self.assertRaises(ValueError):
                rewards(FIGURE, label=label or " ")

    def test_the_answer_is_the_query_without_prompt_and_special_tokens(self):
        ends = ("", "<|im_end|>", "<|eot_id|>", "</s>", "<｜end▁of▁sentence｜>", "<|im_end|>\n<|endoftext|>", "<end_of_turn>\n<eos>")
        with service() as fake:
            for end in ends:
                rewards("A </s> fox." + end)
            rewards(FIGURE + "\n</imgen>")
            llmi_openrlhf.reward_func(["<s>" + PROMPT + FIGURE], [PROMPT], [extra_info()])
        self.assertEqual([sample["answer"] for sample in fake.samples], ["A </s> fox."] * len(ends) + [FIGURE + "\n</imgen>", FIGURE])
        with service(), self.assertRaisesRegex(llmi_reward.Refused, "not in the query"):
            llmi_openrlhf.reward_func(["cut"], [PROMPT], [extra_info()])

    def test_without_a_score_it_raises(self):
        for judges in ("down", "half"):
            with self.subTest(judges), service(judges=judges), self.assertRaises(llmi_reward.NoScore):
                rewards(FIGURE)
        with service(deaf_to="unlucky"), self.assertRaises(llmi_reward.NoScore):
            rewards(FIGURE, "unlucky")

    def test_nothing_is_answered_at_once(self):
        with environment():
            self.assertEqual(llmi_openrlhf.reward_func([], [], []), {"rewards": [], "scores": [], "extra_logs": {}})


class OpenRlhfTest(unittest.TestCase):
    """OpenRLHF 0.11.2 itself, without torch and vLLM: its single-turn executor, which loads the adapter by its path."""

    @classmethod
    def setUpClass(cls):
        frameworks()
        from openrlhf.utils.agent import SingleTurnAgentExecutor

        cls.executor = staticmethod(SingleTurnAgentExecutor)
        logging.getLogger("openrlhf.utils.agent").setLevel("ERROR")  # It prints every outage.

    def answer(self, text):
        executor = self.executor([str(INTEGRATIONS / "openrlhf/llmi_openrlhf.py")])
        limits = types.SimpleNamespace(max_tokens=1000, logprobs=None)
        return asyncio.run(executor.execute(PROMPT, extra_info(), limits, 4000, Tokenizer(), Engine(text)))

    def test_a_rollout_gets_its_reward(self):
        with service() as fake:
            found = self.answer(FIGURE + "<|im_end|>")
        [reward] = found["reward"]
        self.assertAlmostEqual(reward, SCORE)
        self.assertEqual(found["scores"], [reward])
        self.assertEqual(found["extra_logs"]["count"], [1])
        self.assertEqual(fake.samples[0]["answer"], FIGURE)

    def test_a_rollout_in_an_outage_gets_none(self):
        for judges in ("down", "half"):
            with service(judges=judges):
                found = self.answer(FIGURE)
            self.assertIsNone(found["reward"])
            self.assertIsNone(found["scores"])


class Tokenizer:
    """A token a byte."""

    def __call__(self, text, **_):
        return {"input_ids": numpy.frombuffer(text.encode(), numpy.uint8)[None]}

    def decode(self, ids, skip_special_tokens):
        assert not skip_special_tokens
        return bytes(ids).decode()


class Engine:
    def __init__(self, text):
        self.text = text

    async def generate(self, *_, **__):
        return types.SimpleNamespace(outputs=[types.SimpleNamespace(token_ids=list(self.text.encode()), finish_reason="stop", logprobs=None)])


if __name__ == "__main__":
    unittest.main()
