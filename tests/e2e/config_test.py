"""Configuration as a user meets it: the real program, real files and variables."""

import json
import unittest

from program import Program


class ConfigTest(unittest.TestCase):
    def test_layers_and_origins(self):
        program = Program()
        program.write_config('[code]\ntimeout = "3s"\nwarm = 2\n')
        done = program.run("config", "--json", env={"LLMI_CODE_WARM": "4"})
        self.assertEqual(done.code, 0, done.err)
        rows = {row["key"]: row for row in json.loads(done.out)["options"]}
        self.assertEqual(rows["code.timeout"]["value"], "3s")
        self.assertIn("config.toml:2", rows["code.timeout"]["origin"])
        self.assertEqual(rows["code.warm"]["value"], "4")
        self.assertEqual(rows["code.warm"]["origin"], "LLMI_CODE_WARM")
        self.assertEqual(rows["code.memory"]["origin"], "default")

    def test_wrong_configuration_stops_every_command(self):
        program = Program()
        program.write_config("[code]\ntimout = \"3s\"\n")
        done = program.run("config")
        self.assertEqual(done.code, 2)
        self.assertIn("config.toml:2", done.err)
        self.assertIn("code.timeout", done.err)
        self.assertEqual(done.out, "")

    def test_unknown_variable_is_an_error(self):
        done = Program().run("config", env={"LLMI_CODE_TIMEOT": "3s"})
        self.assertEqual(done.code, 2)
        self.assertIn("LLMI_CODE_TIMEOT", done.err)

    def test_wrong_usage_is_exit_code_2(self):
        for arguments in ([], ["nonsense"], ["config", "--nonsense"]):
            done = Program().run(*arguments)
            self.assertEqual(done.code, 2, arguments)
            self.assertNotEqual(done.err, "")


if __name__ == "__main__":
    unittest.main()
