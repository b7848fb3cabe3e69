"""`llmi data make` and `check` and scripts/data-parquet, through the real programs."""

import collections
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

from program import ROOT, Program

PYTHON = {**os.environ, "PYTHONPATH": str(ROOT / "build/deps/pyarrow")}


def rows_of(text):
    return [json.loads(line) for line in text.splitlines()]


class DataTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.file = cls.folder / "prompts.jsonl"
        cls.made = Program().run("data", "make", "--seed", "1", "--out", cls.file, timeout=600)
        cls.rows = rows_of(cls.file.read_text()) if cls.made.code == 0 else []

    def test_makes_six_thousand_prompts_that_pass_their_own_check(self):
        self.assertEqual(self.made.code, 0, self.made.err)
        self.assertGreaterEqual(len(self.rows), 6000)
        done = Program().run("data", "check", self.file, "--strict", timeout=300)
        self.assertEqual(done.code, 0, done.err)

    def test_languages_kinds_tools_and_input_pictures_are_spread(self):
        info = [row["extra_info"] for row in self.rows]
        languages = collections.Counter(i["language"] for i in info)
        self.assertGreaterEqual(len(languages), 5)
        self.assertIn("en", languages)
        self.assertGreaterEqual(min(languages.values()), 500)
        kinds = collections.Counter(i["image_num"] if i["image_num"] <= 0 or i["image_num"] == 99 else "n" for i in info)
        self.assertGreaterEqual(min(kinds[kind] for kind in (-1, 0, 99, "n")), len(info) / 8)
        tools = collections.Counter("+".join(i["tools"]) for i in info if i["tools"])
        self.assertEqual(len(tools), 15)
        self.assertLess(max(tools.values()), 1.5 * min(tools.values()))
        self.assertGreaterEqual(sum(bool(row["images"]) for row in self.rows), 1000)

    def test_splits_share_no_topic_and_both_see_every_number_of_pictures(self):
        splits = collections.defaultdict(set)
        modality = set()
        for row in self.rows:
            splits[row["extra_info"]["topic"]].add(row["extra_info"]["split"])
            modality.add((row["extra_info"]["split"], len(row["images"])))
        self.assertTrue(all(len(sides) == 1 for sides in splits.values()))
        self.assertEqual(modality, {(split, count) for split in ("train", "test") for count in (0, 1, 2)})
        test = sum(row["extra_info"]["split"] == "test" for row in self.rows)
        self.assertGreaterEqual(test / len(self.rows), 0.05)

    def test_the_seed_decides(self):
        first, again, other = (Program().run("data", "make", "--count", 60, "--seed", seed).out for seed in (3, 3, 4))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_check_names_row_and_field(self):
        rows = [json.loads(json.dumps(row)) for row in self.rows[:3]]
        rows[1]["extra_info"]["image_num"] = 100
        del rows[2]["extra_info"]["tools"]
        text = "\n".join(json.dumps(row) for row in rows)
        done = Program().run("data", "check", "-", input=text)
        self.assertEqual(done.code, 2)
        self.assertIn("line 2, extra_info.image_num: ", done.err)
        self.assertIn("line 3, extra_info.tools: ", done.err)
        report = json.loads(Program().run("data", "check", "-", "--json", input=text).out)
        self.assertEqual([(f["line"], f["field"], f["level"]) for f in report["findings"]],
                         [(2, "extra_info.image_num", "error"), (3, "extra_info.tools", "error")])

    def test_a_named_tool_is_a_remark(self):
        row = json.loads(json.dumps(next(row for row in self.rows if not row["images"])))
        row["prompt"][0]["content"] = "Use the diffusion model, then edit it."
        text = json.dumps(row)
        done = Program().run("data", "check", "-", input=text)
        self.assertEqual(done.code, 0, done.err)
        self.assertIn("names a tool", done.err)
        self.assertEqual(Program().run("data", "check", "-", "--strict", input=text).code, 2)

    def test_counts_and_sample_replace_only_what_was_generated(self):
        sheet = self.folder / "sheet.md"
        sheet.write_text("# Mine\n\n<!-- generated below -->\nold\n")
        sample = self.folder / "sample.md"
        done = Program().run("data", "make", "--count", 50, "--counts", sheet, "--sample", sample, "--sample-size", 5)
        self.assertEqual(done.code, 0, done.err)
        self.assertTrue(sheet.read_text().startswith("# Mine\n"))
        self.assertNotIn("old", sheet.read_text())
        self.assertIn("| language |", sheet.read_text())
        self.assertIn("**5.**", sample.read_text())
        self.assertNotIn("**6.**", sample.read_text())
        sheet.write_text("somebody's own text")
        self.assertEqual(Program().run("data", "make", "--count", 50, "--counts", sheet).code, 2)
        self.assertEqual(sheet.read_text(), "somebody's own text")

    def test_too_much_is_said(self):
        done = Program().run("data", "make", "--count", 1000000, "--material", self.small_material())
        self.assertEqual(done.code, 2, done.err)
        self.assertIn("prompts that differ enough", done.err)

    def small_material(self):
        """The shipped voice with one topic."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        (folder / "en").mkdir()
        shipped = ROOT / "prompts/data"
        (folder / "leaks.txt").write_text((shipped / "leaks.txt").read_text())
        (folder / "en/voice.txt").write_text((shipped / "en/voice.txt").read_text())
        (folder / "en/one.txt").write_text("topic foxes nature\ns Write about foxes.\na Be brief.\nw search 1 A fox.\n")
        return folder

    def test_broken_material_names_file_and_line(self):
        folder = self.small_material()
        (folder / "en/two.txt").write_text("topic hens nature\nw paint 1 A hen.\n")
        done = Program().run("data", "make", "--material", folder)
        self.assertEqual(done.code, 2)
        self.assertIn("two.txt: line 2: ", done.err)

    def test_parquet_in_verls_shape_and_back(self):
        some = [row for row in self.rows if not row["images"]][:5] + [row for row in self.rows if row["images"]][:5]
        source, packed = self.folder / "some.jsonl", self.folder / "some.parquet"
        source.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in some))
        self.parquet("pack", source, packed)
        shown = json.loads(self.python(
            "import json, pyarrow.parquet, sys\n"
            f"rows = pyarrow.parquet.read_table({str(packed)!r}).to_pylist()\n"
            "for row in rows:\n"
            "    row['images'] = [[len(i['bytes']), i['path']] for i in row['images'] or []]\n"
            "print(json.dumps(rows))"))
        self.assertEqual([row["prompt"] for row in shown], [row["prompt"] for row in some])
        self.assertEqual([row["extra_info"] for row in shown], [row["extra_info"] for row in some])
        self.assertEqual([row["modality"] for row in shown], ["text"] * 5 + ["multimodal"] * 5)
        sizes = [os.path.getsize(image) for row in some for image in row["images"]]
        self.assertEqual([size for row in shown for size, _ in row["images"]], sizes)
        self.assertEqual(set(shown[0]["reward_model"]), {"style", "ground_truth"})

        back = self.parquet("unpack", packed, "-")
        done = Program().run("data", "check", "-", "--strict", input=back)
        self.assertEqual(done.code, 0, done.err)
        direct = Program().run("data", "check", packed)
        self.assertEqual(direct.code, 2)
        self.assertIn("data-parquet unpack", direct.err)

    def test_parquet_of_one_split(self):
        packed = self.folder / "test.parquet"
        self.parquet("pack", self.file, packed, "--split", "test")
        splits = [row["extra_info"]["split"] for row in rows_of(self.parquet("unpack", packed, "-"))]
        self.assertEqual(set(splits), {"test"})

    def parquet(self, *arguments):
        return subprocess.run(["/usr/bin/python3", ROOT / "scripts/data-parquet", *map(str, arguments)], env=PYTHON, check=True,
                              capture_output=True, text=True).stdout

    def python(self, program):
        return subprocess.run(["/usr/bin/python3", "-c", program], env=PYTHON, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    unittest.main()
