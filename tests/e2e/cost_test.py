"""What a run costs by the configured prices: counted, limited, and foretold by a dry run."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.chat import ChatFake  # noqa: E402
from fakes.pictures import BACKENDS  # noqa: E402
from program import Program  # noqa: E402


def tag(source, description, **params):
    return "<imgen>" + json.dumps({"source": source, "description": description, "params": params}) + "</imgen>"


ANSWER = "\n\n".join(["# Foxes", "Foxes are red.", tag("diffusion", "A fox", prompt="a red fox"), tag("diffusion", "A den", prompt="a den"),
                      tag("edit", "Grey fox", img_index=0, prompt="make it black and white"),
                      tag("edit", "Fox at night", img_index=0, prompt="turn the sky into a sea of stars")])
SERVERS = '[servers.writer]\nurl = "{chat}"\nprice_input = 3.0\nprice_output = 15.0\n'
PICTURES = '[{tool}]\nbackend = "openai"\nurl = "{url}"\nmodel = "m1"\nprice = 0.04\n'


class CostTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.out = self.program.home / "out"

    def run_it(self, *arguments, budget="", answer=ANSWER, prices=True):
        with ChatFake("openai", [answer]) as chat, BACKENDS["openai"](("ok",)) as painter:
            config = SERVERS.format(chat=chat.url) + "".join(PICTURES.format(tool=tool, url=painter.url) for tool in ("diffusion", "edit"))
            if not prices:
                config = "\n".join(line for line in config.split("\n") if "price" not in line)
            self.program.write_config(config + budget)
            done = self.program.run("write", "Foxes", "--model", "writer", "--out", self.out, *arguments)
        self.assertEqual(done.code, 0, done.err)
        return done, painter

    def document(self):
        return json.loads((self.out / "document.json").read_text())

    # The fake counts 11 prompt tokens and 22 written ones: (11 x 3 + 22 x 15) / 1e6.
    TEXT = 0.000363

    def test_tokens_and_pictures_are_counted_and_exact_edits_are_free(self):
        self.run_it()
        document = self.document()
        self.assertEqual(document["counts"], {"figures": 4, "ready": 4, "failed": 0})
        self.assertAlmostEqual(document["usage"]["cost"], self.TEXT + 3 * 0.04, places=9)
        self.assertEqual([b["provenance"]["backend"] for b in document["blocks"] if b["type"] == "figure"], ["openai", "openai", "libvips", "openai"])

    def test_nothing_priced_has_no_cost(self):
        self.run_it(prices=False)
        self.assertNotIn("cost", self.document()["usage"])

    def test_the_budget_refuses_what_it_cannot_pay(self):
        _, painter = self.run_it(budget="[budget]\ncost = 0.09\n")
        figures = [b for b in self.document()["blocks"] if b["type"] == "figure"]
        self.assertEqual([f.get("fault", {}).get("stage") for f in figures], [None, None, None, "budget"])
        self.assertIn("budget.cost", figures[3]["fault"]["message"])
        self.assertEqual(len(painter.jobs), 2)
        self.assertLessEqual(self.document()["usage"]["cost"], 0.09)

    def test_a_dry_run_names_backends_and_cost_and_calls_no_tool(self):
        done, painter = self.run_it("--dry-run", "--json")
        plan = json.loads(done.out.strip().split("\n")[-1])
        self.assertEqual([(f["source"], f["backend"], f.get("price")) for f in plan["figures"]],
                         [("diffusion", "openai", 0.04), ("diffusion", "openai", 0.04), ("edit", "libvips", None), ("edit", "openai", 0.04)])
        self.assertAlmostEqual(plan["cost"]["pictures"], 0.12)
        self.assertAlmostEqual(plan["cost"]["text"], self.TEXT)
        self.assertEqual(painter.jobs, [])
        self.assertFalse(self.out.exists())
        done, _ = self.run_it("--dry-run")
        self.assertIn("0.12 for the pictures", done.out)

    def test_a_dry_run_foretells_what_the_budget_refuses(self):
        done, _ = self.run_it("--dry-run", "--json", budget="[budget]\ncost = 0.05\n")
        plan = json.loads(done.out.strip().split("\n")[-1])
        self.assertEqual([f.get("fault", {}).get("stage") for f in plan["figures"]], [None, "budget", None, "budget"])


if __name__ == "__main__":
    unittest.main()
