// What an input is held to by the engine alone, over the programs of a pack (tests/fuzz/pack.py).
//
// Whole or in pieces, with room or with too little, a document means the same: state, records, output, events, counts.
// What is written is taken again, and written again it is the same bytes. Everything lies in blocks of its own size, so
// that AddressSanitizer sees a byte read or written beyond them.
#include "../../../convtool/engine/engine.c"
#include <stdio.h>
#include "mutate.h"

#define LARGEST 16384u                      // bytes of a document
#define MOST_EVENTS 100000u

// `keyed`: by site, whether it is a dictionary's entry, whose step in JSON has the place of its key for an index.
typedef struct { Program *program; Words blob; Table seeds[2]; Run *whole, *other; u8 *keyed; } Contract;
typedef struct { u8 *bytes; Table words[W_TABLES]; u32 count; Contract *of; } Pack;
typedef struct { u32 program; u8 json, to, options, rounds, size, room; } Choice;   // how a document is read
typedef struct {
    int state;
    u64 at, records, events, counts, dropped;   // events and counts as sums of what they were
    u8 *out; size_t n, room;
} Told;

static Pack pack;
static u64 states[8], documents, rounds_made, resumed, refused, loaded;

// ---- the pack --------------------------------------------------------------------------------------------------------

static u32 number(const u8 **p) { u32 n; memcpy(&n, *p, 4); *p += 4; return n; }
static Words words(const u8 **p) { Words w; w.n = number(p); w.p = *p; *p += w.n; return w; }
static Table table(const u8 **p) {
    Table t = {number(p), NULL};
    t.of = calloc(t.count + 1, sizeof *t.of);
    for (u32 i = 0; i < t.count; i++) t.of[i] = words(p);
    return t;
}
static int begin_contract(Contract *c, Program *program) {
    c->program = program;
    if (!program) return -1;
    c->whole = convtool_run(program); c->other = convtool_run(program);
    c->keyed = calloc(program->h.sites + 1, 1);
    for (u32 i = 0; i < program->h.types; i++)
        if (program->types[i].kind == K_DICTIONARY) c->keyed[program->members[program->types[i].first].site] = 1;
    return 0;
}
static void end_contract(Contract *c) {
    convtool_run_free(c->whole); convtool_run_free(c->other); convtool_program_free(c->program); free(c->keyed);
}
static int open_pack(const char *path) {
    FILE *file = fopen(path, "rb");
    long size;
    if (!file) { fprintf(stderr, "%s cannot be read\n", path); return -1; }
    fseek(file, 0, SEEK_END); size = ftell(file); rewind(file);
    pack.bytes = malloc((size_t)size + 1);
    if (fread(pack.bytes, 1, (size_t)size, file) != (size_t)size || size < 16 || memcmp(pack.bytes, "cvfuzz", 6)) return -1;
    fclose(file);
    const u8 *p = pack.bytes + 8;
    for (int i = 0; i < W_TABLES; i++) pack.words[i] = table(&p);
    pack.count = number(&p);
    pack.of = calloc(pack.count, sizeof *pack.of);
    for (u32 i = 0; i < pack.count; i++) {
        Contract *c = pack.of + i;
        c->blob = words(&p);
        c->seeds[0] = table(&p); c->seeds[1] = table(&p);
        if (begin_contract(c, convtool_program(c->blob.p, c->blob.n))) { fprintf(stderr, "program %u is refused\n", i); return -1; }
    }
    return pack.count ? 0 : -1;
}

// ---- reading a document ----------------------------------------------------------------------------------------------

static u64 mixed(u64 a, u64 b) { Random r = {a * 31 + b}; return draw(&r); }
static void add(Told *t, const u8 *out, size_t n, int comma) {
    if (!n) return;
    if (t->n + n >= t->room) { t->room = (t->n + n + 1) * 2; t->out = realloc(t->out, t->room); }
    if (t->n && comma) t->out[t->n++] = ',';               // between two pieces of a list, as their caller puts it
    memcpy(t->out + t->n, out, n);
    t->n += n;
}
static void told(Told *t, const Contract *c, Run *x, const Result *r, u64 base, u32 left) {
    for (u64 i = 0; i < r->n_events; i++) {
        const Event *e = r->events + i;
        u64 sum = mixed(mixed(e->kind, e->site), mixed(base + e->at, mixed(e->len, e->record)));
        for (u32 k = 0; k < e->steps; k++) {
            const Step *step = r->steps + e->path + k;
            sum = mixed(sum, mixed(step->site, step->index + (x->o.format == JSON && c->keyed[step->site] ? base : 0)));
        }
        t->events = mixed(t->events, sum);
    }
    for (size_t i = 0; i < (size_t)x->program->h.sites * V_KINDS; i++) t->counts += r->counts[i] * mixed(i, 7);
    t->dropped += r->dropped;
    convtool_taken(x, left);
}
static void options(const Choice *how, u32 to, Options *o) {
    static const u32 DEPTHS[] = {64, 64, 64, 150, 7, 3, 1, 64}, EVENTS[] = {10000, 10000, 100, 3, 1, 0, 10000, 10000};
    u8 k = how->options;
    *o = (Options){how->json, to, 0, 0, (u32)(k >> 6) % 3, DEPTHS[k & 7], 0, EVENTS[(k >> 3) & 7], 5000000, 100000000, 1u << 25};
    if (how->rounds & 1) o->profile = 1 + 2 * ((how->rounds >> 1) & 1);
    if (how->rounds & 4) o->lines = (how->rounds >> 3) & 3;
    if (how->rounds & 32) o->refuse = (u32)draw(&(Random){how->options * 251u + how->size});
    if ((how->rounds & 192) == 192) { o->elements = how->size + 1u; o->text = how->size; o->words = 40u + 8u * how->size; }
    if (o->lines && (!pack.of[how->program].program->h.list || (o->lines & LINES_IN && !how->json))) o->lines = 0;
    if (to != TO_JSON) o->lines &= LINES_IN;
}
// Feeds a document in pieces of `size` bytes (0: whole; -n: two pieces, of which the first has n), into `room` bytes.
static Told feed(const Contract *c, Run *x, const Options *o, const u8 *data, size_t n, long size, size_t room) {
    Told t = {0};
    Result r;
    size_t from = 0, have = 0, cut = size > 0 ? (size_t)size : size < 0 ? (size_t)-size : n;
    u64 seen = 0;
    int comma = x->program->h.list && o->to != TO_XML && !(o->lines & LINES_OUT);
    if (convtool_start(x, o)) { t.state = -1; return t; }
    for (;;) {
        size_t piece = n - have < cut ? n - have : cut;
        have += piece;
        if (size < 0) cut = n;
        size_t held = have - from, pos = 0;
        u8 *block = malloc(held ? held : 1), *out = malloc(room ? room : 1);
        if (held) memcpy(block, data + from, held);
        for (;;) {
            t.state = convtool_feed(x, block, held, pos, have == n, out, o->to ? room : 0, &r);
            add(&t, out, r.out, comma);
            if (t.state != FULL) break;
            pos = r.at;
            if (r.need > room) { room = r.need; free(out); out = malloc(room); }
            else if (!r.out) { t.state = 99; break; }             // it asks for what it has
        }
        seen += r.n_events + r.dropped;
        told(&t, c, x, &r, from, o->events > seen ? o->events - (u32)seen : 0);
        from += r.at;
        free(block); free(out);
        if (t.state != MORE || have == n) break;
    }
    t.at = from; t.records = r.records;
    return t;
}

// ---- what must be the same -------------------------------------------------------------------------------------------

static const char *differ(const Told *a, const Told *b) {
    if (a->state != b->state) return "state";
    if (a->records != b->records) return "records";
    if (a->state != MORE && a->at != b->at) return "place";
    if (a->n != b->n || (a->n && memcmp(a->out, b->out, a->n))) return "output";
    if (a->events != b->events) return "events";
    if (a->counts != b->counts || a->dropped != b->dropped) return "counts";
    return NULL;
}
static const char *in_pieces(Contract *c, const Options *o, const Choice *how, const Told *whole, const u8 *data, size_t n) {
    static const long SIZES[] = {1, 2, 3, 5, 17, 100, 1000};
    static const size_t ROOMS[] = {0, 70, 200, 1000, 4096};
    const char *wrong = NULL;
    size_t room = ROOMS[how->room % 5];
    int everywhere = n < 300 && how->size % 16 == 15;            // a border at every byte
    for (size_t cut = 1; cut <= (everywhere ? n : 1) && !wrong; cut++) {
        long size = everywhere ? -(long)cut : how->size & 1 ? -(long)(1 + how->size * n / 256) : SIZES[how->size % 7];
        Told told = feed(c, c->other, o, data, n, size, room);
        wrong = differ(whole, &told);
        free(told.out);
    }
    return wrong;
}
// A document of what a run has written: of a list's records, with the root around them.
static void wrapped(const Contract *c, const Options *o, const Told *of, Told *document) {
    const Member *root = c->program->members + c->program->h.root;
    const u8 *pool = c->program->pool;
    int list = c->program->h.list, xml = o->to == TO_XML;
    if (list && xml) add(document, pool + root->open.off, root->open.len, 0);
    if (list && !xml) add(document, (const u8 *)"[", 1, 0);
    add(document, of->out, of->n, 0);
    if (list && xml) add(document, pool + root->close.off, root->close.len, 0);
    if (list && !xml) add(document, (const u8 *)"]", 1, 0);
}
// What has been written, read and written back and forth again: twice the same, where nothing was worth a word.
static const char *again(Contract *c, const Options *o, const Told *whole) {
    if (whole->state != DONE || whole->events || whole->counts || whole->dropped || o->to == o->format + 1 || o->to == TO_VALUES) return NULL;
    if (o->lines || o->profile || o->refuse || (c->program->h.list && !whole->records) || whole->n > LARGEST) return NULL;
    const char *wrong = NULL;
    Options back = *o, there = *o;
    back.format = o->to == TO_JSON; back.to = o->format + 1; back.charset = CHARSET_UTF8;
    there.charset = CHARSET_UTF8;
    Told document = {0}, other, last;
    wrapped(c, o, whole, &document);
    other = feed(c, c->other, &back, document.out, document.n, 0, 1000);
    if (other.state == DONE) {
        Told second = {0};
        wrapped(c, &back, &other, &second);
        last = feed(c, c->other, &there, second.out, second.n, 0, 1000);
        rounds_made++;
        if (last.state == DONE && (last.n != whole->n || memcmp(last.out, whole->out, last.n))) wrong = "second writing";
        free(second.out); free(last.out);
    }
    free(document.out); free(other.out);
    return wrong;
}

// ---- an input --------------------------------------------------------------------------------------------------------

// Lets the engine go on behind a record that it has left, as where the careful lane has judged it: nothing may break.
static void go_on(Contract *c, const Options *o, const Choice *how, const Told *left, const u8 *data, size_t n) {
    static u8 out[1 << 16];
    size_t at = left->at;
    Result r;
    Run *x = c->other;
    int state = GIVEUP;
    if (convtool_start(x, o)) return;
    convtool_feed(x, data, n, 0, 1, out, sizeof out, &r);
    for (int turn = 0; turn < 8 && state == GIVEUP && at < n; turn++) {
        const u8 *p = memchr(data + at + 1, how->json ? ',' : '<', n - at - 1);
        at = p ? (size_t)(p - data) : n;
        convtool_resume(x, how->json ? P_BEHIND : P_BEFORE, left->records + (u32)turn + 1);
        state = convtool_feed(x, data, n, at, 1, out, sizeof out, &r);
        if (r.at > at) at = r.at;
        convtool_taken(x, 100);
        resumed++;
    }
}
static int is_utf8(const u8 *p, size_t n) {              // as the standard's table 3-7 has it
    for (size_t i = 0; i < n;) {
        u8 c = p[i++], low = 0x80, high = 0xbf;
        int more = c < 0x80 ? 0 : c >= 0xc2 && c <= 0xdf ? 1 : (c & 0xf0) == 0xe0 ? 2 : c >= 0xf0 && c <= 0xf4 ? 3 : -1;
        if (more < 0) return 0;
        if (c == 0xe0) low = 0xa0;
        if (c == 0xed) high = 0x9f;
        if (c == 0xf0) low = 0x90;
        if (c == 0xf4) high = 0x8f;
        for (; more; more--, low = 0x80, high = 0xbf) if (i >= n || p[i] < low || p[i++] > high) return 0;
    }
    return 1;
}
static const char *of_bytes(const u8 *data, size_t n, size_t at) {
    u64 line = 1, column = 1, one = 1, other = 1, parts = 1, within = 1;
    for (size_t i = 0; i < n; i++) {
        if (data[i] == '\n') { line++; column = 1; } else column += (data[i] & 0xc0) != 0x80;
    }
    convtool_place(data, n, &one, &other);
    convtool_place(data, at, &parts, &within);
    convtool_place(data + at, n - at, &parts, &within);
    if (line != one || column != other || parts != one || within != other) return "place of the end";
    return convtool_is_text(data, n, at) == is_utf8(data + at, n - at) ? NULL : "UTF-8";
}
// Holds an input to all of it; gives what is different, or NULL.
static const char *check(const Choice *how, const u8 *given, size_t n) {
    static const size_t ROOMS[] = {4096, 2000, 0, 300, 16384};
    Contract *c = pack.of + how->program;
    const char *wrong;
    Options o, verdict;
    u8 *data = malloc(n ? n : 1);
    if (n) memcpy(data, given, n);
    options(how, how->to, &o);
    options(how, VERDICT, &verdict);
    Told whole = feed(c, c->whole, &o, data, n, 0, ROOMS[how->room / 5 % 5]);
    states[whole.state < 0 || whole.state > 6 ? 7 : whole.state]++;
    documents++;
    wrong = whole.state == 99 ? "more room is asked for" : in_pieces(c, &o, how, &whole, data, n);
    if (!wrong && o.to && o.to != o.format + 1 && whole.state == DONE) {
        Told told = feed(c, c->other, &verdict, data, n, 0, 0);
        if (told.state != DONE || told.records != whole.records) wrong = "verdict";
    }
    if (!wrong) wrong = again(c, &o, &whole);
    if (!wrong) wrong = of_bytes(data, n, n ? how->size * n / 256 : 0);
    if (!wrong && whole.state == GIVEUP) go_on(c, &o, how, &whole, data, n);
    free(whole.out); free(data);
    return wrong;
}
static void chosen(Random *r, Choice *how) {
    how->program = (u32)below(r, pack.count);
    how->json = (u8)below(r, 2);
    how->to = below(r, 4) ? (u8)(2 - how->json) : (u8)below(r, 4);
    how->options = below(r, 3) ? 0 : (u8)draw(r);
    how->rounds = below(r, 2) ? 0 : (u8)draw(r);
    how->size = (u8)draw(r);
    how->room = (u8)below(r, 25);
}
static size_t begun(Random *r, const Choice *how, u8 *into) {
    Words seed = one_of(r, pack.of[how->program].seeds + how->json);
    size_t n = seed.n < LARGEST ? seed.n : LARGEST;
    memcpy(into, seed.p, n);
    return n;
}
static size_t changed(Random *r, const Choice *how, u8 *p, size_t n, size_t room) {
    Doc d = {p, n, room, pack.words, pack.of[how->program].seeds + how->json};
    change(r, &d, how->json);
    return d.n;
}
// A program with changed words is refused, or what it reads stays within bounds.
static void check_program(Random *r, const Choice *how) {
    static u8 document[LARGEST];
    Contract c = pack.of[how->program];
    u8 *blob = malloc(c.blob.n);
    memcpy(blob, c.blob.p, c.blob.n);
    for (size_t k = 1 + below(r, 3); k--;) {
        u32 at = (u32)below(r, c.blob.n / 4) * 4, word;
        memcpy(&word, blob + at, 4);
        word = below(r, 3) ? word + (u32)below(r, 9) - 4 : below(r, 2) ? (u32)draw(r) : 1u << below(r, 32);
        memcpy(blob + at, &word, 4);
    }
    Program *program = convtool_program(blob, c.blob.n - (below(r, 8) ? 0 : below(r, c.blob.n)));
    free(blob);
    if (begin_contract(&c, program)) { refused++; return; }
    loaded++;
    for (int turn = 0; turn < 8; turn++) {
        Options o;
        size_t n = changed(r, how, document, begun(r, how, document), LARGEST);
        options(how, (u32)turn & 3, &o);
        if (o.lines && !c.program->h.list) o.lines = 0;
        Told told = feed(&c, c.whole, &o, document, n, turn & 4 ? 7 : 0, 65536);
        free(told.out);
    }
    end_contract(&c);
}
