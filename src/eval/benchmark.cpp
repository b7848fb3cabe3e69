#include "eval/benchmark.h"

#include <array>

#include "eval/atp.h"
#include "eval/in_domain.h"
#include "eval/isg.h"
#include "eval/llmi_bench.h"
#include "eval/mmie.h"
#include "eval/opening.h"
#include "eval/tvir.h"
#include "eval/ueval.h"

namespace llmi::eval {
namespace {

constexpr std::array kBenchmarks{
    Benchmark{.name = "llmi-bench",
              .help = "ten criteria an item, each marked 0 to 2 by a judge",
              .read = llmi_bench::read,
              .judge = llmi_bench::judge,
              .write = llmi_bench::write,
              .headline = llmi_bench::headline},
    Benchmark{.name = "opening",
              .help = "OpenING: seven criteria from 0 to 10",
              .read = opening::read,
              .judge = opening::judge,
              .write = opening::write,
              .headline = opening::headline},
    Benchmark{.name = "isg",
              .help = "ISG-Bench: structure, block, image and the whole",
              .read = isg::read,
              .judge = isg::judge,
              .write = isg::write},
    Benchmark{.name = "in-domain", .help = "the test rows of a prompt set; needs no judge", .read = in_domain::read},
    Benchmark{.name = "atp",
              .help = "plans only: which tool calls would be made, and which are missed",
              .read = atp::read,
              .judge = atp::judge,
              .write = atp::write,
              .planned = true},
    Benchmark{.name = "tvir",
              .help = "TVIR-Bench: the checklist, and reports for its own scorer",
              .read = tvir::read,
              .judge = tvir::judge,
              .write = tvir::write},
    Benchmark{.name = "ueval",
              .help = "UEval: rubrics for text and for pictures",
              .read = ueval::read,
              .judge = ueval::judge,
              .write = ueval::write,
              .headline = ueval::headline},
    Benchmark{.name = "mmie", .help = "MMIE: answers for its own scorer", .read = mmie::read, .write = mmie::write},
};

}  // namespace

std::span<const Benchmark> benchmarks() { return kBenchmarks; }

}  // namespace llmi::eval
