"""`llmi parse --json` against the contract of docs/formats/tag.md, through the real program."""

import json
import random
import unittest

from program import Program

SEARCH = '<imgen>{"source": "search", "description": "A fox", "params": {"query": "red fox"}}</imgen>'
CODE = '<imgen>{"source": "code", "description": "A plot", "params": {"code": "plt.plot([1, 2])"}}</imgen>'


def edit(index):
    return '<imgen>{"source": "edit", "description": "Grey", "params": {"img_index": %d, "prompt": "make it grey"}}</imgen>' % index


class ParseTest(unittest.TestCase):
    def items(self, answer, *flags):
        if isinstance(answer, str):
            answer = answer.encode()
        done = Program().run("parse", "-", "--json", *flags, input=answer)
        self.assertEqual(done.code, 0, done.err)
        return json.loads(done.out)["items"]

    def kinds(self, answer, *flags):
        return [item["type"] for item in self.items(answer, *flags)]

    def only(self, answer, kind, *flags):
        found = [item for item in self.items(answer, *flags) if item["type"] == kind]
        self.assertEqual(len(found), 1, found)
        return found[0]

    def fault(self, answer, stage):
        item = self.only(answer, "fault")
        self.assertEqual(item["stage"], stage, item)
        self.assertGreater(len(item["message"]), 10)
        return item

    def test_a_plain_tag(self):
        answer = "# Foxes\n\nThey run.\n" + SEARCH + "\nThe end.\n"
        text, tag, rest = self.items(answer)
        begin = answer.index("<imgen>")
        self.assertEqual((text["type"], text["begin"], text["end"]), ("text", 0, begin))
        self.assertEqual((tag["begin"], tag["end"], tag["index"]), (begin, begin + len(SEARCH), 0))
        self.assertEqual(tag["source"], "search")
        self.assertEqual(tag["description"], "A fox")
        self.assertEqual(tag["params"], {"query": "red fox"})
        self.assertEqual(tag["recovered"], [])
        self.assertEqual((rest["begin"], rest["end"]), (tag["end"], len(answer)))

    def test_offsets_are_bytes(self):
        answer = "Größe 火山 " + SEARCH
        tag = self.only(answer, "tag")
        self.assertEqual(answer.encode()[tag["begin"]:tag["end"]].decode(), SEARCH)

    def test_python_forms(self):
        body = "{'source': 'code', 'description': r'a\\b', 'params': {'code': '''plt.plot([1])\nplt.show()''',},}"
        tag = self.only("<imgen>" + body + "</imgen>", "tag")
        self.assertEqual(tag["description"], "a\\b")
        self.assertEqual(tag["params"]["code"], "plt.plot([1])\nplt.show()")
        joined = "<imgen>{'source': 'search', 'description': 'a' \"b\", 'params': {'query': 'q'}}</imgen>"
        self.assertEqual(self.only(joined, "tag")["description"], "ab")

    def test_unescaped_quotes_of_the_own_kind(self):
        for body in ("{'source': 'code', 'description': 'd', 'params': {'code': 'plt.plot(x, 'r')'}}",
                     '{"source": "code", "description": "d", "params": {"code": "plt.plot(x, "r")"}}'):
            tag = self.only("<imgen>" + body + "</imgen>", "tag")
            self.assertIn(tag["params"]["code"], ("plt.plot(x, 'r')", 'plt.plot(x, "r")'))
            self.assertNotEqual(tag["recovered"], [])

    def test_what_no_rule_covers_is_a_parse_fault(self):
        for body in ("{source: 'search', 'description': 'd', 'params': {'query': 'q'}}",
                     "{“source”: “search”, “description”: “d”, “params”: {“query”: “q”}}",
                     '{"source": "search", "description": "d", "params": {"query": "q"}'):
            self.fault("<imgen>" + body + "</imgen>", "parse")

    def test_schema_faults(self):
        for body in ('{"source": "Search", "description": "d", "params": {"query": "q"}}',
                     '{"source": "search", "description": "d", "params": {"query": ""}}',
                     '{"source": "search", "description": "d", "params": {"query": 3}}',
                     '{"source": "search", "description": "d", "params": {"prompt": "q"}}',
                     '{"source": "search", "description": "d", "params": {"query": "q", "n": 1}}',
                     '{"source": "search", "params": {"query": "q"}}',
                     '{"source": "search", "description": null, "params": {"query": "q"}}',
                     '{"source": "edit", "description": "d", "params": {"img_index": 0, "prompt": "p"}}',
                     '{"source": "edit", "description": "d", "params": {"img_index": "0", "prompt": "p"}}',
                     '{"source": "edit", "description": "d", "params": {"img_index": -1, "prompt": "p"}}'):
            self.fault("<imgen>" + body + "</imgen>", "schema")
        empty = '<imgen>{"source": "search", "description": "", "params": {"query": "q"}}</imgen>'
        self.assertEqual(self.kinds(empty), ["tag"])

    def test_end_mark_inside_a_string(self):
        body = '{"source": "search", "description": "the </imgen> mark", "params": {"query": "q"}}'
        self.assertEqual(self.only("<imgen>" + body + "</imgen>", "tag")["description"], "the </imgen> mark")

    def test_an_unclosed_quote_swallows_nothing(self):
        broken = '<imgen>{"source": "search", "description": "no end, "params": {"query": 1}}</imgen>'
        fault, text, tag = self.items(broken + " prose " + SEARCH)
        self.assertEqual([fault["type"], text["type"], tag["type"]], ["fault", "text", "tag"])
        self.assertEqual(fault["end"], len(broken))
        self.assertEqual((fault["index"], tag["index"]), (0, 1))

    def test_marks_that_are_no_tags(self):
        self.assertEqual(self.kinds("<imgen> is the mark, <IMGEN>{} is not, </imgen> neither"), ["text"])
        self.assertEqual(self.kinds('<imgen>{"source": "search"'), ["fault"])
        self.assertEqual(self.kinds('<imgen>{"source": <imgen>' + SEARCH[7:]), ["fault", "tag"])
        self.assertEqual(self.kinds("<imgen> \n " + SEARCH[7:]), ["tag"])

    def test_markdown_context(self):
        self.assertEqual(self.kinds("```\nlook:\n" + SEARCH + "\n```\n"), ["text"])
        self.assertEqual(self.kinds("```\nopen\n" + SEARCH), ["text"])
        self.assertEqual(self.kinds("`" + SEARCH + "`"), ["text"])
        self.assertEqual(self.only("    " + SEARCH + "\n", "tag")["recovered"], [])
        self.assertEqual(self.only("```json\n" + SEARCH + "\n```\n", "tag")["recovered"], ["fence"])
        self.assertIn("tag", self.kinds("a lone ` and " + SEARCH + "\n"))

    def test_thoughts(self):
        self.assertEqual(self.kinds("<think>" + SEARCH + "</think>" + CODE), ["tag"])
        self.assertEqual(self.kinds(CODE + "<think>" + SEARCH), ["tag"])
        inside = '<imgen>{"source": "search", "description": "<think>", "params": {"query": "q"}}</imgen>'
        self.assertEqual(self.only(inside, "tag")["description"], "<think>")

    def test_bytes_that_are_no_text(self):
        tag = self.only(SEARCH.encode().replace(b"A fox", b"A \xff fox"), "tag")
        self.assertEqual((tag["description"], tag["recovered"]), ("A \ufffd fox", ["utf8"]))
        self.assertEqual(self.kinds(b"a\0b"), ["text"])
        self.fault(SEARCH.encode().replace(b"A fox", b"A\0fox"), "parse")

    def test_indices(self):
        answer = SEARCH + edit(0) + "<imgen>{broken}</imgen>" + edit(1) + edit(4)
        items = [item for item in self.items(answer) if item["type"] != "text"]
        self.assertEqual([item["index"] for item in items], [0, 1, 2, 3, 4])
        self.assertEqual([item["type"] for item in items], ["tag", "tag", "fault", "tag", "fault"])

    def test_canonical_print_of_large_answers(self):
        answer = ("word " * 50 + "\n\n" + SEARCH + "\n\n") * 10_000
        items = self.items(answer)
        self.assertEqual(sum(item["type"] == "tag" for item in items), 10_000)

    def test_endless_tag_is_one_fault(self):
        answer = '<imgen>{"source": "search", "description": "' + "x" * 1_000_000 + "\n\n" + SEARCH
        items = self.items(answer)
        self.assertEqual(items[0]["type"], "fault")
        self.assertEqual(items[-1]["type"], "tag")

    def test_noise_never_crashes_and_tiles_the_input(self):
        pieces = ["<imgen>", "</imgen>", "{", "}", '"', "'", "`", "```", "\n", "<think>", "</think>", "word ", SEARCH, CODE, "\\", ","]
        rng = random.Random(7)
        for _ in range(30):
            answer = "".join(rng.choice(pieces) for _ in range(200))
            end = 0
            for item in self.items(answer):
                self.assertGreaterEqual(item["begin"], end)
                self.assertGreater(item["end"], item["begin"])
                end = item["end"]
            self.assertLessEqual(end, len(answer.encode()))

    def test_unreadable_input_is_exit_code_2(self):
        self.assertEqual(Program().run("parse", "/nonexistent").code, 2)
        self.assertEqual(Program().run("parse", "/dev/zero").code, 2)


if __name__ == "__main__":
    unittest.main()
