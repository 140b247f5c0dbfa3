// The same inputs by their numbers, without libFuzzer: for any compiler, and for counts that can be taken up.
//
//     engine_runs PACK SEED FIRST RUNS [programs]
//
// Prints what came of them; ends with 1 where something was different. A sanitizer's report is preceded by the number
// of the input that it is about.
#include "harness.h"
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#define PATIENCE 10                         // seconds of the processor for a thousand inputs

static u64 at;

void __sanitizer_set_death_callback(void (*)(void)) __attribute__((weak));
static void died(void) { fprintf(stderr, "AT INPUT %llu\n", (unsigned long long)at); }
static void late(int signal) { (void)signal; died(); _exit(3); }

static void show(const char *wrong, const Choice *how, const u8 *p, size_t n) {
    printf("DIFFERENT %s, input %llu: program %u, %s to %u, options %u, rounds %u, size %u, room %u\n  ", wrong,
           (unsigned long long)at, how->program, how->json ? "json" : "xml", how->to, how->options, how->rounds, how->size, how->room);
    fwrite(p, 1, n, stdout);
    printf("\n");
}
int main(int argc, char **argv) {
    static u8 document[LARGEST];
    u64 different = 0;
    if (argc < 5 || open_pack(argv[1])) return 2;
    u64 seed = strtoull(argv[2], NULL, 10), first = strtoull(argv[3], NULL, 10), runs = strtoull(argv[4], NULL, 10);
    if (__sanitizer_set_death_callback) __sanitizer_set_death_callback(died);
    signal(SIGPROF, late);
    for (at = first; at < first + runs; at++) {
        Random r = {mixed(seed, at)};
        Choice how;
        if (at % 1000 == 0 || at == first) setitimer(ITIMER_PROF, &(struct itimerval){{0, 0}, {PATIENCE, 0}}, NULL);
        chosen(&r, &how);
        if (argc > 5) { check_program(&r, &how); continue; }
        size_t n = changed(&r, &how, document, begun(&r, &how, document), LARGEST);
        const char *wrong = check(&how, document, n);
        if (wrong && different++ < 5) show(wrong, &how, document, n);
    }
    printf("{\"documents\": %llu, \"done\": %llu, \"given up\": %llu, \"left\": %llu, \"read again\": %llu, \"gone on\": %llu, "
           "\"programs refused\": %llu, \"programs loaded\": %llu, \"different\": %llu}\n",
           (unsigned long long)documents, (unsigned long long)states[DONE], (unsigned long long)states[GIVEUP],
           (unsigned long long)states[DOCUMENT], (unsigned long long)rounds_made, (unsigned long long)resumed,
           (unsigned long long)refused, (unsigned long long)loaded, (unsigned long long)different);
    return different > 0;
}
