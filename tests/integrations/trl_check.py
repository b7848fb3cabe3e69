"""TRL whole, with torch: two GRPO steps on a tiny random model, rewarded by a service. Run by `./check trl`."""

import tempfile
import unittest
import warnings

import torch
import transformers
from service import FIGURE, extra_info, service
from tokenizers import Tokenizer, models, pre_tokenizers

import llmi_trl
import trl
from datasets import Dataset

TEMPLATE = "{% for m in messages %}{{ m['role'] + ' ' + m['content'] }}{% endfor %}{% if add_generation_prompt %}assistant {% endif %}"


def tiny_tokenizer():
    """A token a letter; a figure's tag is a token too, so that random answers hold some."""
    letters = [chr(code) for code in range(32, 127)] + ["\n"]
    vocabulary = {text: number for number, text in enumerate(["<pad>", "<eos>", "<unk>", *letters])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", eos_token="<eos>", unk_token="<unk>")
    fast.add_tokens([FIGURE])
    fast.chat_template = TEMPLATE
    return fast


def tiny_model(tokenizer):
    torch.manual_seed(1)
    return transformers.LlamaForCausalLM(transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, pad_token_id=0, eos_token_id=1, bos_token_id=1))


class TrainTest(unittest.TestCase):
    def train(self, rows):
        tokenizer = tiny_tokenizer()
        model = tiny_model(tokenizer)
        before = {name: values.clone() for name, values in model.named_parameters()}
        settings = trl.GRPOConfig(
            output_dir=self.enterContext(tempfile.TemporaryDirectory()), max_steps=2, per_device_train_batch_size=8, num_generations=4,
            max_completion_length=24, learning_rate=1e-2, logging_steps=1, report_to=[], use_cpu=True, seed=1, save_strategy="no",
            disable_tqdm=True)
        trainer = trl.GRPOTrainer(model, reward_funcs=llmi_trl.reward_func, args=settings, train_dataset=Dataset.from_list(rows), processing_class=tokenizer)
        trainer.train()
        moved = any(not torch.equal(values, before[name]) for name, values in model.named_parameters())
        return [entry for entry in trainer.state.log_history if "reward" in entry], moved

    def rows(self, prompt):
        return [{"prompt": prompt, "extra_info": extra_info(image_num=99), "data_source": "interleaved"} for _ in range(8)]

    def test_two_steps(self):
        for prompt in ("Write about foxes.", [{"role": "user", "content": "Write about foxes."}]):
            with self.subTest(prompt), service() as fake:
                steps, moved = self.train(self.rows(prompt))
            self.assertEqual(len(steps), 2)
            self.assertEqual([len(request.json["samples"]) for request in fake.requests], [8, 8])
            self.assertEqual(fake.samples[0]["prompt"], prompt)
            self.assertTrue(all(0 < step["rewards/reward_func/mean"] <= 1 for step in steps), steps)
            self.assertEqual([step["llmi/without_reward"] for step in steps], [0, 0])
            self.assertTrue(any(step["reward_std"] > 0 for step in steps), steps)
            self.assertTrue(moved)

    def test_an_outage_does_not_move_the_model(self):
        with service(judges="down"), self.assertLogs("llmi_trl", "WARNING"):
            steps, moved = self.train(self.rows("Write about foxes."))
        self.assertFalse(moved)
        self.assertEqual([step["llmi/without_reward"] for step in steps], [1, 1])


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    unittest.main()
