"""Search providers on the internet, over loopback servers in their shapes."""

import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from fakes.search import PROVIDERS, Item, SearchFake  # noqa: E402
from fakes.server import Fake, Reply  # noqa: E402
from program import Program  # noqa: E402

KEY = "sk-canary"
LICENCES = {"commons": "CC-BY-SA-4.0", "openverse": "CC-BY-2.0", "pexels": "Pexels", "unsplash": "Unsplash"}


class Inside(Fake):
    """A server on this machine that no picture may be fetched from."""

    def handle(self, request):
        return Reply(200, b"secret")


class OnlineSearchTest(unittest.TestCase):
    def setUp(self):
        self.program = Program()
        self.out = self.program.home / "out.png"

    def configure(self, *fakes, search=""):
        text = f"[search]\nproviders = [{', '.join(json.dumps(fake.provider) for fake in fakes)}]\n{search}\n"
        for fake in fakes:
            text += f'[search.{fake.provider}]\nurl = "{fake.url}"\n'
            if PROVIDERS[fake.provider][2]:
                text += 'api_key_env = "THE_KEY"\n'
        self.program.write_config(text)

    def search(self, *arguments, code=0):
        done = self.program.run("tool", "search", "red fox", "--out", self.out, "--json", *arguments, env={"THE_KEY": KEY})
        self.assertEqual(done.code, code, done.err + done.out)
        self.assertNotIn(KEY, done.out + done.err)
        return json.loads(done.out) if done.out else {}

    def test_every_provider(self):
        for provider in PROVIDERS:
            with self.subTest(provider=provider), SearchFake(provider, [Item("fox"), Item("other")]) as fake:
                self.configure(fake)
                found = self.search()
                provenance = found["provenance"]
                self.assertEqual(provenance["backend"], provider)
                self.assertEqual((found["width"], found["height"]), (640, 480))
                self.assertEqual(provenance["title"], "fox")
                self.assertEqual(provenance.get("licence", ""), LICENCES.get(provider, ""))
                self.assertTrue(provenance["page_url"].startswith(fake.url))
                if provider in ("commons", "openverse", "pexels", "unsplash"):
                    self.assertEqual(provenance["creator"], "Ann")
                    self.assertIn("Ann", provenance["attribution"])
                self.assertTrue(self.out.read_bytes().startswith(b"\x89PNG"))
                self.assertEqual(len(self.search("--list")["results"]), 2)
                self.assertTrue(all(request.headers["user-agent"].startswith("llmi/") for request in fake.requests))

    def test_the_best_ranked_that_is_good_wins(self):
        items = [Item("gone", status=404), Item("broken", body=b"no picture"), Item("liar", real=(100, 100)), Item("small", 399, 400),
                 Item("good", delay=0.3), Item("quick")]
        with SearchFake("commons", items) as fake:
            self.configure(fake)
            self.assertEqual(self.search()["provenance"]["title"], "good")
            self.assertNotIn("small", fake.downloads())

    def test_a_slow_better_one_is_waited_for_a_second(self):
        with SearchFake("commons", [Item("slow", delay=4), Item("good")]) as fake:
            self.configure(fake)
            begin = time.monotonic()
            self.assertEqual(self.search()["provenance"]["title"], "good")
            self.assertLess(time.monotonic() - begin, 3)

    def test_eight_at_once_and_then_the_next(self):
        with SearchFake("commons", [Item(f"n{n}", body=b"no", delay=0.2) for n in range(8)] + [Item("good")]) as fake:
            self.configure(fake)
            self.assertEqual(self.search()["provenance"]["title"], "good")
            self.assertEqual(len(fake.downloads()), 9)
            self.assertGreater(fake.most_inside, 4)

    def test_licences(self):
        items = [Item("nc", licence="CC BY-NC 2.0"), Item("nd", licence="CC BY-ND 4.0"), Item("free", licence="Public domain")]
        with SearchFake("commons", items) as fake:
            self.configure(fake, search='licences = ["commercial", "modify"]')
            self.assertEqual(self.search()["provenance"]["title"], "free")
            self.assertEqual(fake.downloads(), ["free"])

    def test_the_next_provider_is_asked_when_one_has_nothing(self):
        with SearchFake("commons") as empty, SearchFake("openverse", reply=Reply(500, b"down")) as down, SearchFake("searxng", [Item("fox")]) as last:
            self.configure(empty, down, last)
            self.assertEqual(self.search()["provenance"]["backend"], "searxng")

    def test_a_race_is_won_by_who_is_first(self):
        with SearchFake("commons", [Item("late")], delay=5) as slow, SearchFake("searxng", [Item("fox")]) as quick:
            self.configure(slow, quick, search='mode = "race"')
            begin = time.monotonic()
            self.assertEqual(self.search()["provenance"]["backend"], "searxng")
            self.assertLess(time.monotonic() - begin, 4)

    def test_deadline(self):
        with SearchFake("commons", [Item("late")], delay=5) as slow:
            self.configure(slow, search='deadline = "500ms"')
            begin = time.monotonic()
            self.assertEqual(self.search(code=4)["fault"]["stage"], "timeout")
            self.assertLess(time.monotonic() - begin, 3)

    def test_a_silent_provider_is_asked_twice_unless_that_costs(self):
        for provider, calls in (("commons", 2), ("serpapi", 1)):
            with self.subTest(provider=provider), SearchFake(provider, [Item("fox")], delay=2.5) as fake:
                self.configure(fake)
                self.search()
                asked = [request for request in fake.requests if "red fox" in str(request.query)]
                self.assertEqual(len(asked), calls, asked)

    def test_searxng_without_json(self):
        with SearchFake("searxng", reply=Reply(403, b"Forbidden")) as fake:
            self.configure(fake)
            self.assertIn("search.formats", self.search(code=4)["fault"]["message"])

    def test_refused_and_unreachable(self):
        with SearchFake("brave", [Item("fox")], key="another") as fake:
            self.configure(fake)
            fault = self.search(code=4)["fault"]
            self.assertEqual(fault["stage"], "tool")
            self.assertIn("401", fault["message"])
        self.assertEqual(self.search(code=3)["fault"]["stage"], "tool")

    def test_pictures_on_this_machine_or_its_network_are_not_fetched(self):
        with Inside() as inside, SearchFake("commons") as fake:
            fake.items = [Item("inside", url=f"{inside.url}/x"), Item("named", url=f"http://localhost:{inside.port}/x"),
                          Item("mapped", url=f"http://[::ffff:127.0.0.1]:{inside.port}/x"), Item("decimal", url=f"http://2130706433:{inside.port}/x"),
                          Item("metadata", url="http://169.254.169.254/latest/meta-data")]
            self.configure(fake)
            self.assertEqual(self.search(code=4)["fault"]["stage"], "policy")
            fake.items.append(Item("file", url="file:///etc/passwd"))
            self.search(code=4)
            self.assertEqual(inside.requests, [])
            fake.items = [Item("inside", url=f"{inside.url}/x")]
            self.configure(fake, search=f'allow_hosts = ["127.0.0.1:{inside.port}"]')
            self.search(code=4)
            self.assertEqual(len(inside.requests), 1, "a listed host may be fetched")

    def test_redirects_are_checked(self):
        class Redirect(SearchFake):
            def handle(self, request):
                if request.path.startswith("/pictures/"):
                    return Reply(302, b"", {"Location": self.target})
                return super().handle(request)

        with Inside() as inside, Redirect("commons", [Item("fox")]) as fake:
            fake.target = f"{inside.url}/x"
            self.configure(fake)
            self.assertEqual(self.search(code=4)["fault"]["stage"], "policy")
            self.assertEqual(inside.requests, [])

    def test_unsplash_is_told_of_the_use(self):
        with SearchFake("unsplash", [Item("fox")]) as fake:
            self.configure(fake)
            self.search()
            told = fake.asked("/photos/fox/download")
            self.assertEqual([request.headers["authorization"] for request in told], [f"Client-ID {KEY}"])

    def test_results_are_kept_for_a_while(self):
        answer = '# Fox\n\n<imgen>{"source": "search", "description": "A fox", "params": {"query": "red fox"}}</imgen>\n'
        with SearchFake("commons", [Item("fox")]) as fake:
            for ttl, asked in (("1h", 1), ("1ms", 2)):
                self.configure(fake)
                for number in range(2):
                    done = self.program.run("render", "-", "--out", self.program.home / f"run-{ttl}-{number}", input=answer,
                                            env={"LLMI_CACHE_SEARCH_TTL": ttl})
                    self.assertEqual(done.code, 0, done.err)
                self.assertEqual(len(fake.asked("/w/api.php")), asked if ttl == "1h" else 1 + asked)

    def test_missing_keys_and_addresses_are_configuration_errors(self):
        for provider, word in (("brave", "BRAVE_API_KEY"), ("searxng", "[search.searxng]")):
            self.program.write_config(f'[search]\nproviders = ["{provider}"]\n')
            done = self.program.run("tool", "search", "fox")
            self.assertEqual(done.code, 2)
            self.assertIn(word, done.err)


if __name__ == "__main__":
    unittest.main()
