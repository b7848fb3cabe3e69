#pragma once

namespace llmi::train {

/// OpenBLAS 0.3.21 takes its kernels for processors of 2004 on a processor that it does not know, at a fifth of the
/// speed. Where that has happened, this lets it choose again among those that the processor can run. `threads`: 0
/// leaves the number as it is. To be called before the first product of matrices; for the whole process. Does nothing
/// with another BLAS.
void prepare_blas(int threads);

}  // namespace llmi::train
