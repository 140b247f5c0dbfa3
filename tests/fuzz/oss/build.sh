#!/bin/bash -eu
# Builds the fuzzers as OSS-Fuzz does: its variables say with what, and where to. Run in a checkout.

python3 -m pip install --upgrade 'pip>=25.1' # the first that knows --group
python3 -m pip install . --group dev

# The engine: readers of the programs of many contracts, and of programs that have been tampered with.
python3 -m tests.fuzz.pack "$OUT/engine_fuzz.pack"
# shellcheck disable=SC2086  # flags are words
$CC $CFLAGS -std=gnu11 -c tests/fuzz/native/engine_fuzz.c -o "$WORK/engine_fuzz.o"
# shellcheck disable=SC2086
$CXX $CXXFLAGS "$WORK/engine_fuzz.o" $LIB_FUZZING_ENGINE -o "$OUT/engine_fuzz"

# The readers. What tests begin with lies where it does in a checkout.
python3 -m tests.fuzz.guided "$WORK/corpus"
for one in tests/fuzz/oss/fuzz_*.py; do
  compile_python_fuzzer "$one" --paths . --collect-all convtool --add-data schemas:schemas --add-data samples:samples \
    --add-data tests/data:tests/data --add-data tests/vectors:tests/vectors --add-data tests/cases:tests/cases \
    --add-data tests/captures/cases:tests/captures/cases
  name=$(basename "$one" .py)
  (cd "$WORK/corpus/$name" && python3 -m zipfile -c "$OUT/${name}_seed_corpus.zip" ./*)
done
