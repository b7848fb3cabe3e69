#include <cstdio>

int main() {
  std::fputs("llmi: no commands yet\n", stderr);
  return 2;
}
