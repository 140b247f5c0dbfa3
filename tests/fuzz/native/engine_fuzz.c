// libFuzzer's entry, with a mutator that knows XML and JSON; the pack lies beside the program, or CONVTOOL_PACK names it.
//
//     clang -g -O1 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all -o engine_fuzz engine_fuzz.c
//
// An input is a Choice of seven bytes, the program's number in two, and a document.
#include "harness.h"

#define HEAD 8u

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

static int choice(const u8 *data, size_t n, Choice *how) {
    if (n < HEAD) return -1;
    *how = (Choice){(u32)(data[0] | data[1] << 8) % pack.count, data[2] & 1, data[2] >> 1 & 3, data[3], data[4], data[5], data[6]};
    return 0;
}
int LLVMFuzzerInitialize(int *argc, char ***argv) {
    static char path[4096];
    const char *named = getenv("CONVTOOL_PACK"), *slash = strrchr((*argv)[0], '/');
    (void)argc;
    snprintf(path, sizeof path, "%.*sengine_fuzz.pack", slash ? (int)(slash - (*argv)[0] + 1) : 0, (*argv)[0]);
    if (open_pack(named ? named : path)) exit(2);
    return 0;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n) {
    Choice how;
    if (choice(data, n, &how)) return -1;
    if (data[7] == 255) {
        Random r = {n + data[n - 1]};
        check_program(&r, &how);
        return 0;
    }
    const char *wrong = check(&how, data + HEAD, n - HEAD < LARGEST ? n - HEAD : LARGEST);
    if (wrong) { fprintf(stderr, "DIFFERENT: %s\n", wrong); abort(); }
    return 0;
}
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t most, unsigned seed) {
    Random r = {seed};
    Choice how;
    if (n < HEAD || most < 2 * HEAD || !below(&r, 20)) {         // a document of its own
        chosen(&r, &how);
        data[0] = (u8)how.program; data[1] = (u8)(how.program >> 8); data[2] = (u8)(how.json | how.to << 1);
        data[3] = how.options; data[4] = how.rounds; data[5] = how.size; data[6] = how.room; data[7] = (u8)(draw(&r) >> 1);
        static u8 whole[LARGEST];
        size_t made = begun(&r, &how, whole);
        if (made > most - HEAD) made = most - HEAD;
        memcpy(data + HEAD, whole, made);
        return HEAD + made;
    }
    if (!below(&r, 4)) { data[2 + below(&r, HEAD - 2)] = (u8)draw(&r); }
    if (!below(&r, 4) || choice(data, n, &how)) return LLVMFuzzerMutate(data, n, most);
    return HEAD + changed(&r, &how, data + HEAD, n - HEAD, most - HEAD < LARGEST ? most - HEAD : LARGEST);
}
