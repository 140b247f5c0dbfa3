// The native engine: DataContract XML <-> Json.NET JSON of one contract, driven by a table.
//
// Contract of this file
// - Plain C11 without input or output, locale, threads or globals that change. A run depends on a program and on the
//   bytes that it is fed, on nothing else. Programs are shared by threads; a run belongs to one of them at a time.
// - The program is bytes that convtool/model/program.py makes of the contract model. `convtool_program` checks each
//   index of it once; behind that nothing in it is looked at with suspicion.
// - One record (or the whole document, where its root is no list) is parsed to a tape: a slot for each member, so that
//   a member given twice is a slot that is taken, and JSON's order is only the order of writing. While it is read, a
//   bound of what it takes to write it is added up. Then it is written within that bound. Verdicts are reading alone.
// - It takes what is well-formed and plainly valid, in any layout, and gives up on the rest: it never says that a
//   payload is wrong, and never says anything else than the careful lane would. In doubt it gives up.
// - `convtool_feed` answers
//     DONE    the document has ended
//     MORE    read again from `at`, with more bytes behind it
//     FULL    again from `at`, with room for `need` bytes at least
//     GIVEUP  the record at `at` (or what stands in its place) is for the careful lane; behind it `convtool_resume`
//             lets the engine go on
//     HEAD    the document is for the careful lane from its beginning
//   Bytes before `at` are done with. What was written and found belongs to records that are done with, and to no other.
// - Events tell what is worth saying about a valid payload: code, member, offset, length, record and path. A kind that
//   is reported once for a member comes once, with `counts` for all; of the others as many come as `events` allows.
// - Memory: the tape has at most `words` words, hits and scratch grow with it and with the bytes in hand, events are
//   bounded by `events`, the rest is of fixed size. Nesting is bounded by `depth`, and so is recursion.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__SSE2__) && !defined(CONVTOOL_PLAIN)
#include <emmintrin.h>
#define SIMD 1
#endif
#if defined(_WIN32)
#define API __declspec(dllexport)
#else
#define API __attribute__((visibility("default")))
#endif
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define INLINE static inline __attribute__((always_inline))

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t i32;
typedef int64_t i64;

// ---- the program ---------------------------------------------------------------------------------------------------

#define MAGIC 0x76636e65u // "encv"
#define ABI 3u

enum { K_NONE, K_SCALAR, K_RECORD, K_ARRAY, K_DICTIONARY, K_OFFSET, K_KINDS };
enum {
    D_STRING, D_INTEGER, D_DATETIME, D_DATE, D_DATE_OR_DATETIME, D_BOOLEAN, D_DECIMAL, D_DOUBLE, D_FLOAT, D_GUID,
    D_BASE64, D_ENUMERATION, D_FLAGS, D_DURATION, D_CHAR, D_URI, D_QNAME, D_DATATYPES
};
// SILENT: its absence says nothing. KEY: it is a dictionary's key. KEPT: where it is absent, XML has its default, and
// JSON leaves a value out that is `left_out`; of a CHAR it is JSON that has the default. XML_ONLY, JSON_ONLY: the other
// format never has it. OMITS: JSON leaves null out. MEANT: where JSON leaves it out, as it may, XML has its default.
enum {
    M_NILLABLE = 1, M_REQUIRED = 2, M_SILENT = 4, M_NO_DEFAULT = 8, M_KEY = 16, M_KEPT = 32, M_CHAR = 64, M_MEANT = 128,
    M_OMITS = 256, M_XML_ONLY = 512, M_JSON_ONLY = 1024
};
enum { NS_NONE = 0, NS_XSI = 1, NS_UNKNOWN = 0xffff, NS_UNBOUND = 0xfffff };

typedef struct { u32 off, len; } Str;
// The tags of a member in its place; its key in JSON with comma and colon; its names; what is written where it is absent
// and has .NET's default; its type; what events call it; the types derived from its own.
typedef struct {
    Str open, close, nil, empty, key, name, json_name, xml_default, json_default, left_out;
    u32 type, ns, flags, site, variants, n_variants;
} Member;
// Of a record `low` is how many of its members XML has, the first of them; `high` how many JSON has, by its order.
// NONE is CUT where a deeper program has rules.
enum { T_CUT = 1 };
typedef struct { u32 kind, datatype, first, count, order, flags; i64 low; u64 high; } Type;
typedef struct { Str open, close, empty, json_type, type_name, local; u32 ns, type; } Variant;
typedef struct { Str xml, json; u64 value; } Name;   // of an enumeration; of flags both are texts as they are
typedef struct { Str raw, escaped; } Namespace;
typedef struct {
    u32 magic, abi, size, types, members, variants, names, orders, namespaces, sites, pool, root, list, words;
} Head;

typedef struct Program {
    Head h;
    const Type *types;
    const Member *members;
    const Variant *variants;
    const Name *names;
    const Namespace *namespaces;
    const u32 *orders;
    const u8 *pool;
    u32 *cost;         // of each member: bytes that its tags, key and the like take at most, in either format
    u8 *blob;
} Program;

#define WIDEST 4096u   // members of a record
#define MOST_SITES (1u << 20)
#define POOL_PAD 64u   // bytes behind the pool that may be read
#define SLACK 64u      // bytes behind what is written that may be written

static int str_ok(const Head *h, Str s) { return s.off <= h->pool && s.len <= h->pool - s.off; }
static int range_ok(u32 first, u32 count, u32 all) { return first <= all && count <= all - first; }
static u32 larger(u32 a, u32 b) { return a > b ? a : b; }

static int order_ok(const Program *p, const Type *t) {
    u8 seen[WIDEST] = {0};
    if (t->count > WIDEST || !range_ok(t->order, t->count, p->h.orders)) return 0;
    for (u32 k = 0; k < t->count; k++) {
        u32 i = p->orders[t->order + k];
        if (i >= t->count || seen[i]++) return 0;
    }
    return 1;
}
static int is_scalar(const Program *p, u32 member, u32 datatype) {
    const Type *t = p->types + p->members[member].type;
    return t->kind == K_SCALAR && t->datatype == datatype;
}
static int type_ok(const Program *p, const Type *t) {
    switch (t->kind) {
    case K_NONE: return 1;
    case K_SCALAR:
        if (t->datatype >= D_DATATYPES) return 0;
        if (t->datatype == D_FLAGS && !order_ok(p, t)) return 0;
        return (t->datatype != D_ENUMERATION && t->datatype != D_FLAGS) || range_ok(t->first, t->count, p->h.names);
    case K_RECORD:
        return range_ok(t->first, t->count, p->h.members) && order_ok(p, t) && t->low >= 0 && t->low <= (i64)t->count
            && t->high <= t->count;
    case K_ARRAY: return range_ok(t->first, 1, p->h.members);
    case K_DICTIONARY: {
        if (!range_ok(t->first, 1, p->h.members)) return 0;
        const Type *e = p->types + p->members[t->first].type;
        return e->kind == K_RECORD && e->count == 2 && e->low == 2 && range_ok(e->first, 2, p->h.members)
            && p->types[p->members[e->first].type].kind == K_SCALAR;
    }
    case K_OFFSET:
        return t->count == 2 && t->low == 2 && range_ok(t->first, 2, p->h.members) && is_scalar(p, t->first, D_DATETIME)
            && is_scalar(p, t->first + 1, D_INTEGER);
    default: return 0;
    }
}
static int member_ok(const Program *p, const Member *m) {
    const Head *h = &p->h;
    const Str all[] = {m->open, m->close, m->nil, m->empty, m->key, m->name, m->json_name, m->xml_default,
                       m->json_default, m->left_out};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) if (!str_ok(h, all[i])) return 0;
    return m->type < h->types && m->site < h->sites && m->key.len >= 3 && m->name.len > 0
        && range_ok(m->variants, m->n_variants, h->variants);
}
static int variant_ok(const Program *p, const Variant *v) {
    const Str all[] = {v->open, v->close, v->empty, v->json_type, v->type_name, v->local};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) if (!str_ok(&p->h, all[i])) return 0;
    return v->type < p->h.types && (p->types[v->type].kind == K_RECORD || p->types[v->type].kind == K_NONE);
}
static int enumerations_ok(const Program *p) {
    for (u32 i = 0; i < p->h.names; i++)
        if (!str_ok(&p->h, p->names[i].xml) || !str_ok(&p->h, p->names[i].json)) return 0;
    for (u32 i = 0; i < p->h.namespaces; i++)
        if (!str_ok(&p->h, p->namespaces[i].raw) || !str_ok(&p->h, p->namespaces[i].escaped)) return 0;
    if (!range_ok(p->h.words, 3, p->h.names)) return 0;
    for (u32 i = 0; i < 3; i++) if (p->names[p->h.words + i].json.len < 2) return 0;
    return 1;
}
static int program_ok(const Program *p) {
    for (u32 i = 0; i < p->h.members; i++) if (!member_ok(p, p->members + i)) return 0;
    for (u32 i = 0; i < p->h.types; i++) if (!type_ok(p, p->types + i)) return 0;
    for (u32 i = 0; i < p->h.variants; i++) if (!variant_ok(p, p->variants + i)) return 0;
    if (p->h.root >= p->h.members || p->h.sites > MOST_SITES || !enumerations_ok(p)) return 0;
    return !p->h.list || p->types[p->members[p->h.root].type].kind == K_ARRAY;
}
// What a member takes in either format beside its text: tags, key, brackets and commas, quotes.
static u32 cost_of(const Program *p, const Member *m) {
    u32 tags = larger(m->open.len + m->close.len, larger(m->nil.len, m->empty.len)), json = m->key.len;
    for (u32 i = 0; i < m->n_variants; i++) {
        const Variant *v = p->variants + m->variants + i;
        tags = larger(tags, larger(v->open.len + v->close.len, v->empty.len));
        json = larger(json, m->key.len + v->json_type.len);
    }
    return larger(tags, json) + 24;
}

API u32 convtool_abi(void) { return ABI; }
API u32 convtool_sites(const Program *p) { return p->h.sites; }

API void convtool_program_free(Program *p) {
    if (!p) return;
    free(p->cost);
    free(p->blob);
    free(p);
}
static int lay_out(Program *p, size_t n) {
    const u8 *at = p->blob + sizeof(Head);
    u64 wanted = sizeof(Head) + (u64)p->h.types * sizeof(Type) + (u64)p->h.members * sizeof(Member)
        + (u64)p->h.variants * sizeof(Variant) + (u64)p->h.names * sizeof(Name)
        + (u64)p->h.namespaces * sizeof(Namespace) + (u64)p->h.orders * sizeof(u32) + p->h.pool;
    if (wanted != n || p->h.magic != MAGIC || p->h.abi != ABI || p->h.size != n) return 0;
    p->types = (const Type *)(const void *)at; at += p->h.types * sizeof(Type);
    p->names = (const Name *)(const void *)at; at += p->h.names * sizeof(Name);
    p->members = (const Member *)(const void *)at; at += p->h.members * sizeof(Member);
    p->variants = (const Variant *)(const void *)at; at += p->h.variants * sizeof(Variant);
    p->namespaces = (const Namespace *)(const void *)at; at += p->h.namespaces * sizeof(Namespace);
    p->orders = (const u32 *)(const void *)at; at += p->h.orders * sizeof(u32);
    p->pool = at;
    return 1;
}
// Gives a program that has been checked, or nothing.
API Program *convtool_program(const u8 *blob, size_t n) {
    if (n < sizeof(Head) || n > 0x7fffffffu) return NULL;
    Program *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->blob = malloc(n + POOL_PAD);
    if (p->blob) {
        memcpy(p->blob, blob, n);
        memset(p->blob + n, 0, POOL_PAD);
        memcpy(&p->h, p->blob, sizeof(Head));
    }
    if (!p->blob || !lay_out(p, n) || !program_ok(p)) { convtool_program_free(p); return NULL; }
    p->cost = malloc((size_t)p->h.members * sizeof(u32) + 1);
    if (!p->cost) { convtool_program_free(p); return NULL; }
    for (u32 i = 0; i < p->h.members; i++) p->cost[i] = cost_of(p, p->members + i);
    return p;
}

// ---- a run ---------------------------------------------------------------------------------------------------------

enum { XML, JSON };
enum { VERDICT, TO_XML, TO_JSON, TO_VALUES };         // what is written; values: JSON of what Python has, as XML has its texts
enum { DONE, MORE, FULL, GIVEUP, DOCUMENT };          // what `convtool_feed` answers
enum { P_HEAD, P_BEFORE, P_BEHIND, P_TAIL, P_COMMA };  // where a document is: before a record, behind one, ...
enum { N_NIL = 1, N_TEXT, N_PAIR, N_NAME, N_RECORD, N_LIST, N_OFFSET };
enum { F_JSON = 1, F_XML = 2, F_SCRATCH = 4, F_WHOLE = 8, F_QUOTED = 16, F_SCALE = 32 };
enum { E_NONE, E_BAD, E_END, E_MEMORY };
// What events are about. Of those up to ONCE the first is told, and their number.
enum { V_ABSENT, V_OFFSET, V_REWRITTEN, V_FRACTION, V_SCALE, V_TYPE, V_MEMBER, V_ONCE, V_LEXICAL = V_ONCE, V_COMMENT, V_KINDS };
enum { CHARSET_UTF8, CHARSET_UTF16, CHARSET_ANY };
enum { LINES_OUT = 1, LINES_IN = 2 };                 // a record in each line
enum { AS_DOTNET = 1, SETTLED = 2 };                  // the profile; values are written as .NET has them

#define NO_RECORD UINT64_MAX
#define BINDINGS 64
#define DEEPEST 200u
#define PATH (2 * DEEPEST + 8)
#define NAME_MOST 900u
#define GAP (1u << 16)   // bytes between records beyond which they are done with before the next record is

typedef struct {
    u32 format, to, profile, lines, charset, depth, refuse, events;
    u64 elements, text, words;
} Options;
typedef struct { u32 site, index; } Step;
typedef struct { u64 at, record; u32 kind, site, len, path, steps, pad; } Event;
typedef struct {
    u64 at, out, need, records, root_at, root_end, n_events, n_steps, dropped, stopped;   // stopped: where reading was
    u32 nil, error, phase, deep;
    const Event *events;
    const Step *steps;
    u64 *counts;
} Result;
typedef struct { const u8 *p; u32 n, ns; } Binding;

typedef struct Run {
    const Program *program;
    const Member *members;
    const Type *types;
    const u8 *pool;
    Options o;
    // the document
    u32 phase, nil, deep;
    u64 seen;                              // records so far
    u64 root_at, root_end;
    Binding bound_to[BINDINGS];
    u32 n_bound, root_bound, root_scope, root_name_len, stored;
    u8 root_name[1024], store[4096];       // what outlives the bytes of the root's start tag
    u64 *counts;                           // by site and kind
    u8 *told;                              // by site and kind: 1 an event has been given, 2 one is pending
    Event *events; size_t n_events, event_cap, done_events; u64 dropped, done_dropped;
    Step *steps; size_t n_steps, step_cap, done_steps;
    // the record
    const u8 *base, *p, *end;
    int error, final, walk, decoded;         // the last simple value of XML is another text than stands there
    u32 depth, n_path;
    u64 record, elements;
    u32 *tape; size_t tn, tape_cap;
    u8 *scratch; size_t sn, scratch_cap;
    u32 *hits; size_t hn, hit_cap;
    size_t bound;                          // bytes that writing the record takes at most
    const u8 *nil_tail; u32 nil_tail_len, nil_scope, scope, serial;
    Step path[PATH];
} Run;

INLINE int fail(Run *x, int error) { if (!x->error) x->error = error; return -1; }
#define BAD return fail(x, E_BAD)
#define END return fail(x, E_END)
#define TRY(call) do { if (UNLIKELY(call)) return -1; } while (0)

// ---- memory --------------------------------------------------------------------------------------------------------

static int grow(void **p, size_t *cap, size_t need, size_t item, size_t most) {
    size_t n = *cap ? *cap : 256;
    if (need > most) return -1;
    while (n < need) n *= 2;
    void *q = realloc(*p, n * item);
    if (!q) return -1;
    *p = q;
    *cap = n;
    return 0;
}
INLINE int need_tape(Run *x, size_t k) {
    if (LIKELY(x->tn + k <= x->tape_cap)) return 0;
    return grow((void **)&x->tape, &x->tape_cap, x->tn + k, sizeof(u32), (size_t)x->o.words) ? fail(x, E_MEMORY) : 0;
}
INLINE int need_scratch(Run *x, size_t k) {
    if (LIKELY(x->sn + k <= x->scratch_cap)) return 0;
    return grow((void **)&x->scratch, &x->scratch_cap, x->sn + k, 1, 0x7fffffffu) ? fail(x, E_MEMORY) : 0;
}

// ---- characters ----------------------------------------------------------------------------------------------------

// In XML's text: 0 plain, 1 '<', 2 '&', 3 CR, 4 JSON escapes it, 5 '>', 6 not there, 7 of several bytes.
static const u8 IN_XML[256] = {
    [0 ... 8] = 6, [9] = 4, [10] = 4, [11 ... 12] = 6, [13] = 3, [14 ... 31] = 6,
    ['<'] = 1, ['&'] = 2, ['"'] = 4, ['\\'] = 4, ['>'] = 5, [128 ... 255] = 7};
// In a string of JSON: 0 plain, 1 '"', 2 '\\', 5 XML escapes it, 6 not there, 7 of several bytes.
static const u8 IN_JSON[256] = {[0 ... 31] = 6, ['"'] = 1, ['\\'] = 2, ['<'] = 5, ['>'] = 5, ['&'] = 5, [128 ... 255] = 7};
// In names: 1 may begin one, 2 may stand in one. What is not ASCII is only taken where a known name has it.
static const u8 IN_NAME[256] = {
    ['A' ... 'Z'] = 3, ['a' ... 'z'] = 3, ['_'] = 3, ['0' ... '9'] = 2, ['-'] = 2, ['.'] = 2, [128 ... 255] = 3};

INLINE int is_space(u8 c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
INLINE int is_digit(u8 c) { return (u8)(c - '0') < 10; }
INLINE int is(const u8 *s, size_t n, const char *word) { return n == strlen(word) && !memcmp(s, word, n); }

// The length of the character at p, whose first byte is above 127: 0 where it is none, -1 where `e` cuts it off.
// `flags` takes what escapes it needs.
INLINE int utf8(const u8 *p, const u8 *e, u32 *flags) {
    u8 c = *p;
    if (c < 0xC2) return 0;
    if (c < 0xE0) {
        if (e - p < 2) return -1;
        if ((p[1] & 0xC0) != 0x80) return 0;
        if (c == 0xC2 && p[1] == 0x85) *flags |= F_JSON;
        return 2;
    }
    if (c < 0xF0) {
        if (e - p < 3) return -1;
        if ((p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80) return 0;
        if ((c == 0xE0 && p[1] < 0xA0) || (c == 0xED && p[1] > 0x9F)) return 0;
        if (c == 0xE2 && p[1] == 0x80 && (p[2] == 0xA8 || p[2] == 0xA9)) *flags |= F_JSON;
        if (c == 0xEF && p[1] == 0xBF && p[2] >= 0xBE) *flags |= F_XML;
        return 3;
    }
    if (c > 0xF4) return 0;
    if (e - p < 4) return -1;
    if ((p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80 || (p[3] & 0xC0) != 0x80) return 0;
    if ((c == 0xF0 && p[1] < 0x90) || (c == 0xF4 && p[1] > 0x8F)) return 0;
    return 4;
}
static u32 put_utf8(u8 *o, u32 c) {
    if (c < 0x80) { o[0] = (u8)c; return 1; }
    if (c < 0x800) { o[0] = (u8)(0xC0 | c >> 6); o[1] = (u8)(0x80 | (c & 63)); return 2; }
    if (c < 0x10000) {
        o[0] = (u8)(0xE0 | c >> 12); o[1] = (u8)(0x80 | (c >> 6 & 63)); o[2] = (u8)(0x80 | (c & 63));
        return 3;
    }
    o[0] = (u8)(0xF0 | c >> 18); o[1] = (u8)(0x80 | (c >> 12 & 63));
    o[2] = (u8)(0x80 | (c >> 6 & 63)); o[3] = (u8)(0x80 | (c & 63));
    return 4;
}
// What escapes a text needs that has been decoded.
static u32 escapes_of(const u8 *s, size_t n) {
    u32 flags = 0;
    const u8 *e = s + n;
    while (s < e) {
        u8 c = *s;
        if (c < 0x20) flags |= (c == '\t' || c == '\n') ? F_JSON : F_JSON | F_XML;
        else if (c == '"' || c == '\\') flags |= F_JSON;
        else if (c == '&' || c == '<' || c == '>') flags |= F_XML;
        else if (c >= 0x80) { int k = utf8(s, e, &flags); s += k > 0 ? k : 1; continue; }
        s++;
    }
    return flags;
}

// ---- what is worth saying ------------------------------------------------------------------------------------------

static u32 slot_of(u32 site, u32 kind) { return site * V_KINDS + kind; }

static int add_event(Run *x, u32 kind, u32 site, const u8 *at, u32 len) {
    if (x->n_events == x->event_cap
        && grow((void **)&x->events, &x->event_cap, x->n_events + 1, sizeof(Event), SIZE_MAX / sizeof(Event)))
        return fail(x, E_MEMORY);
    size_t need = x->n_steps + x->n_path;
    if (need > x->step_cap && grow((void **)&x->steps, &x->step_cap, need, sizeof(Step), 0x7fffffffu))
        return fail(x, E_MEMORY);
    if (x->n_path) memcpy(x->steps + x->n_steps, x->path, x->n_path * sizeof(Step));
    x->events[x->n_events++] =
        (Event){(u64)(at - x->base), x->record, kind, site, len, (u32)x->n_steps, x->n_path, 0};
    x->n_steps = need;
    return 0;
}
static int hit(Run *x, u32 slot) {
    if (x->hn == x->hit_cap && grow((void **)&x->hits, &x->hit_cap, x->hn + 1, sizeof(u32), 0x7fffffffu))
        return fail(x, E_MEMORY);
    x->hits[x->hn++] = slot;
    return 0;
}
// Says something of a member's value at `at`: the first time with its place, then by number.
static int once(Run *x, u32 kind, u32 site, const u8 *at, u32 len) {
    if (UNLIKELY(x->o.refuse >> kind & 1)) BAD;
    u32 slot = slot_of(site, kind);
    TRY(hit(x, slot));
    if (LIKELY(x->told[slot])) return 0;
    x->told[slot] = 2;
    return add_event(x, kind, site, at, len);
}
static int each(Run *x, u32 kind, u32 site, const u8 *at, u32 len) {
    if (x->o.refuse >> kind & 1) BAD;
    if (x->n_events >= x->o.events) { x->dropped++; return 0; }
    return add_event(x, kind, site, at, len);
}
// Forgets what an attempt at a record has found, and begins another.
static void begin(Run *x) {
    for (size_t i = 0; i < x->hn; i++) if (x->told[x->hits[i]] == 2) x->told[x->hits[i]] = 0;
    x->n_events = x->done_events; x->n_steps = x->done_steps; x->dropped = x->done_dropped;
    x->tn = 1; x->sn = x->hn = 0; x->elements = 0;
    x->bound = SLACK; x->error = E_NONE; x->walk = 0;
    x->n_path = x->depth = x->program->h.list && x->phase != P_HEAD && x->phase != P_TAIL ? 1 : 0;
    x->path[0] = (Step){x->members[x->program->h.root].site, 0};
    x->record = x->n_path ? x->seen : NO_RECORD;
}
// Keeps what the record has found: it is done with.
static void commit(Run *x) {
    for (size_t i = 0; i < x->hn; i++) { x->counts[x->hits[i]]++; x->told[x->hits[i]] = 1; }
    x->hn = 0;
    x->done_events = x->n_events; x->done_steps = x->n_steps; x->done_dropped = x->dropped;
}

// ---- a value's text ------------------------------------------------------------------------------------------------

// A text that has been read: where it is (in the bytes in hand, or decoded in scratch), and where it came from.
typedef struct { u32 off, len, flags, src, src_len; } Text;

INLINE const u8 *chars(const Run *x, u32 flags, u32 off) { return (flags & F_SCRATCH ? x->scratch : x->base) + off; }
INLINE const u8 *text_of(const Run *x, const Text *v) { return chars(x, v->flags, v->off); }

static int text_node(Run *x, const Text *v, u32 *node) {
    if (v->len > x->o.text) BAD;
    TRY(need_tape(x, 4));
    u32 *t = x->tape + x->tn;
    *node = (u32)x->tn;
    t[0] = N_TEXT | v->flags << 8; t[1] = v->off; t[2] = v->len; t[3] = v->src;
    x->tn += 4;
    x->bound += v->flags & (F_JSON | F_XML) ? (size_t)v->len * 6 : v->len;
    return 0;
}
static int nil_node(Run *x, u32 *node) {
    TRY(need_tape(x, 1));
    *node = (u32)x->tn;
    x->tape[x->tn++] = N_NIL;
    return 0;
}
static int name_node(Run *x, u32 name, u32 src, u32 *node) {
    TRY(need_tape(x, 3));
    u32 *t = x->tape + x->tn;
    *node = (u32)x->tn;
    t[0] = N_NAME; t[1] = name; t[2] = src;
    x->tn += 3;
    const Name *q = x->program->names + name;
    x->bound += (size_t)q->xml.len * 6 + q->json.len;
    return 0;
}
static int keep(Run *x, const u8 *s, size_t n, u32 *off) {
    TRY(need_scratch(x, n + 16));
    *off = (u32)x->sn;
    if (n) memcpy(x->scratch + x->sn, s, n);
    x->sn += n;
    return 0;
}
// A value whose two formats have different texts; F_QUOTED where it is a string in JSON.
static int pair_node(Run *x, const u8 *xml, size_t xn, const u8 *json, size_t jn, u32 flags, u32 src, u32 *node) {
    u32 xo, jo;
    TRY(keep(x, xml, xn, &xo));
    TRY(keep(x, json, jn, &jo));
    TRY(need_tape(x, 6));
    u32 *t = x->tape + x->tn;
    *node = (u32)x->tn;
    t[0] = N_PAIR | flags << 8; t[1] = xo; t[2] = (u32)xn; t[3] = jo; t[4] = (u32)jn; t[5] = src;
    x->tn += 6;
    x->bound += (xn + jn) * 6;
    return 0;
}
// Says that a text is not how its value is written. XML's texts must stand in the bytes as they are to be shown.
static int not_wire(Run *x, const Member *m, const Text *v) {
    if (x->o.format == XML && v->flags & F_SCRATCH) BAD;
    return each(x, V_LEXICAL, m->site, x->base + v->src, v->src_len);
}
// A node for a text that is written as `s`.
static int rewritten(Run *x, const Member *m, Text *v, const u8 *s, size_t n, u32 flags, u32 *node) {
    TRY(not_wire(x, m, v));
    TRY(keep(x, s, n, &v->off));
    v->len = (u32)n;
    v->flags = F_SCRATCH | flags;
    return text_node(x, v, node);
}
static int settled(Run *x, const Member *m, Text *v, const u8 *s, size_t n, u32 flags, int same, u32 *node) {
    if (!same) return rewritten(x, m, v, s, n, flags, node);
    v->flags |= flags;
    return text_node(x, v, node);
}

// ---- dates ---------------------------------------------------------------------------------------------------------

static const u8 DAYS[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
enum { A_OFFSET = 1, A_DAY = 2, A_ZEROS = 4, A_FRACTION = 8, A_UTC = 16 };
typedef struct { i32 year, month, day, hour, minute, second, zone; u32 fraction, digits, about; } Date;   // zone: minutes

INLINE int two(const u8 *s) { return is_digit(s[0]) && is_digit(s[1]) ? (s[0] - '0') * 10 + s[1] - '0' : -1; }
static int days_of(i32 y, i32 m) { return DAYS[m] + (m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0)); }

static int read_day(const u8 *s, Date *d) {
    int a = two(s), b = two(s + 2);
    d->month = two(s + 5); d->day = two(s + 8);
    if (a < 0 || b < 0 || s[4] != '-' || s[7] != '-' || d->month < 1 || d->month > 12 || d->day < 1) return -1;
    d->year = a * 100 + b;
    return d->year && d->day <= days_of(d->year, d->month) ? 0 : -1;
}
static int read_zone(const u8 *s, size_t n, Date *d) {
    if (n == 0) return 0;
    if (n == 1 && s[0] == 'Z') { d->about |= A_UTC; return 0; }
    if (n != 6 || (s[0] != '+' && s[0] != '-') || s[3] != ':') return -1;
    int h = two(s + 1), m = two(s + 4);
    if (h < 0 || m < 0 || m > 59 || h * 60 + m > 14 * 60) return -1;
    d->zone = s[0] == '-' ? -(h * 60 + m) : h * 60 + m;
    d->about |= A_OFFSET;
    return 0;
}
// Reads a date that XML Schema and .NET agree on: 0, or -1 for all others. `about` says what is to be said of it.
static int read_date(const u8 *s, size_t n, Date *d) {
    *d = (Date){0};
    if (n < 10 || read_day(s, d)) return -1;
    if (n == 10) { d->about = A_DAY; return 0; }
    if (n < 19 || s[10] != 'T' || s[13] != ':' || s[16] != ':') return -1;
    d->hour = two(s + 11); d->minute = two(s + 14); d->second = two(s + 17);
    if ((u32)d->hour > 23 || (u32)d->minute > 59 || (u32)d->second > 59) return -1;
    size_t i = 19;
    if (i < n && s[i] == '.') {
        size_t b = ++i;
        while (i < n && is_digit(s[i])) i++;
        if (i == b) return -1;
        d->fraction = (u32)b; d->digits = (u32)(i - b);
        if (i - b > 7) {
            if (d->year == 9999) return -1;            // may round to the year 10,000
            d->about |= A_FRACTION;
        } else if (s[i - 1] == '0') d->about |= A_ZEROS;
    }
    return read_zone(s + i, n - i, d);
}
static int date(Run *x, const Type *t, const Member *m, Text *v, u32 *node) {
    Date d;
    const u8 *s = text_of(x, v);
    if (read_date(s, v->len, &d)) BAD;
    if (d.about & A_DAY ? t->datatype == D_DATETIME : t->datatype == D_DATE) BAD;
    u32 about = d.about & ~(u32)A_UTC;
    if (LIKELY(!about)) return text_node(x, v, node);
    if (x->o.format == XML && v->flags & F_SCRATCH) BAD;       // what is said of it shows the text
    if (about & A_OFFSET) TRY(once(x, V_OFFSET, m->site, x->base + v->src, v->src_len));
    if (about & A_FRACTION) TRY(once(x, V_FRACTION, m->site, x->base + v->src, v->src_len));
    if (about & (A_DAY | A_ZEROS)) TRY(once(x, V_REWRITTEN, m->site, x->base + v->src, v->src_len));
    if (!(x->o.profile & SETTLED) || about == A_OFFSET) return text_node(x, v, node);
    if (about & A_FRACTION) BAD;
    u8 buf[48];
    size_t n = v->len;
    memcpy(buf, s, n < sizeof buf - 12 ? n : 0);
    if (n >= sizeof buf - 12) BAD;
    if (about & A_DAY) { memcpy(buf + n, "T00:00:00", 9); n += 9; }
    else {
        size_t from = d.fraction + d.digits, to = from;
        while (buf[to - 1] == '0') to--;
        if (buf[to - 1] == '.') to--;
        memmove(buf + to, buf + from, n - from);
        n -= from - to;
    }
    TRY(keep(x, buf, n, &v->off));
    v->len = (u32)n;
    v->flags |= F_SCRATCH;
    return text_node(x, v, node);
}

// Days since 0000-03-01 of the calendar that goes on for ever, and back.
static i64 days_from(i64 y, i64 m, i64 d) {
    y -= m <= 2;
    i64 era = y / 400, of_era = y - era * 400, of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year;
}
static void day_from(i64 days, Date *d) {
    i64 era = days / 146097, e = days - era * 146097;
    i64 y = (e - e / 1460 + e / 36524 - e / 146096) / 365, of_year = e - (365 * y + y / 4 - y / 100);
    i64 m = (5 * of_year + 2) / 153;
    d->day = (i32)(of_year - (153 * m + 2) / 5 + 1);
    d->month = (i32)(m < 10 ? m + 3 : m - 9);
    d->year = (i32)(y + era * 400 + (d->month <= 2));
}
// Moves a date by minutes; -1 where that leaves the years from 1 to 9999.
static int shift(Date *d, i32 minutes) {
    i64 all = (days_from(d->year, d->month, d->day) * 24 + d->hour) * 60 + d->minute + minutes;
    if (all < 0) return -1;
    day_from(all / 1440, d);
    d->hour = (i32)(all % 1440 / 60); d->minute = (i32)(all % 60);
    return d->year >= 1 && d->year <= 9999 ? 0 : -1;
}
static u8 *put_number(u8 *o, u64 n, int width) {
    u8 b[20];
    int k = 0;
    do b[k++] = (u8)('0' + n % 10); while ((n /= 10) || k < width);
    while (k) *o++ = b[--k];
    return o;
}
static u8 *put_date(u8 *o, const Date *d, const u8 *fraction, u32 digits) {
    o = put_number(o, (u64)d->year, 4); *o++ = '-'; o = put_number(o, (u64)d->month, 2); *o++ = '-';
    o = put_number(o, (u64)d->day, 2); *o++ = 'T'; o = put_number(o, (u64)d->hour, 2); *o++ = ':';
    o = put_number(o, (u64)d->minute, 2); *o++ = ':'; o = put_number(o, (u64)d->second, 2);
    if (digits) { *o++ = '.'; memcpy(o, fraction, digits); o += digits; }
    return o;
}
// A DateTimeOffset: in JSON its local time and offset, in XML its instant and its minutes.
static int offset_node(Run *x, const Date *local, i32 minutes, const u8 *fraction, u32 digits, u32 *node) {
    u8 json[48], utc[48], number[8], *j, *u, *n = number;
    Date d = *local;
    if (shift(&d, -minutes)) BAD;
    j = put_date(json, local, fraction, digits);
    u = put_date(utc, &d, fraction, digits);
    *u++ = 'Z';
    i32 most = minutes < 0 ? -minutes : minutes;
    *j++ = minutes < 0 ? '-' : '+';
    j = put_number(j, (u64)most / 60, 2); *j++ = ':'; j = put_number(j, (u64)most % 60, 2);
    if (minutes < 0) *n++ = '-';
    n = put_number(n, (u64)most, 1);
    u32 jo, uo, no;
    TRY(keep(x, json, (size_t)(j - json), &jo));
    TRY(keep(x, utc, (size_t)(u - utc), &uo));
    TRY(keep(x, number, (size_t)(n - number), &no));
    TRY(need_tape(x, 7));
    u32 *t = x->tape + x->tn;
    *node = (u32)x->tn;
    t[0] = N_OFFSET; t[1] = jo; t[2] = (u32)(j - json); t[3] = uo; t[4] = (u32)(u - utc); t[5] = no;
    t[6] = (u32)(n - number);
    x->tn += 7;
    x->bound += 128;
    return 0;
}
static int json_offset(Run *x, Text *v, u32 *node) {
    Date d;
    u8 fraction[8];
    const u8 *s = text_of(x, v);
    if (read_date(s, v->len, &d) || d.about & (A_DAY | A_FRACTION) || !(d.about & (A_UTC | A_OFFSET))) BAD;
    u32 digits = d.digits;
    memcpy(fraction, s + d.fraction, digits);
    while (digits && fraction[digits - 1] == '0') digits--;
    return offset_node(x, &d, d.zone, fraction, digits, node);
}

// ---- integers, decimals, words -------------------------------------------------------------------------------------

INLINE int integer_value(const Type *t, const u8 *s, size_t n, int neg) {
    u64 v = 0;
    for (size_t i = 0; i < n; i++) {
        u64 d = (u64)(s[i] - '0');
        if (v > (UINT64_MAX - d) / 10) return -1;
        v = v * 10 + d;
    }
    if (neg) return t->low < 0 && v <= (u64)0 - (u64)t->low ? 0 : -1;
    return v <= t->high ? 0 : -1;
}
// An integer: digits with a sign perhaps; in XML also with a plus sign and zeros before it.
static int integer(Run *x, const Type *t, const Member *m, Text *v, int trimmed, u32 *node) {
    const u8 *s = text_of(x, v);
    size_t n = v->len, i = 0;
    int neg = n && s[0] == '-', same = !trimmed;
    if (neg || (n && s[0] == '+' && x->o.format == XML)) { i = 1; same = same && neg; }
    if (i >= n || n > 128) BAD;
    for (size_t k = i; k < n; k++) if (!is_digit(s[k])) BAD;
    if (s[i] == '0' && n - i > 1) {
        if (x->o.format == JSON) BAD;
        same = 0;
        while (i + 1 < n && s[i] == '0') i++;
    }
    if (n - i > 20 || integer_value(t, s + i, n - i, neg)) BAD;
    if (s[i] == '0' && neg) { neg = same = 0; }
    if (LIKELY(same)) return text_node(x, v, node);
    u8 buf[24];
    buf[0] = '-';
    memcpy(buf + neg, s + i, n - i);
    return rewritten(x, m, v, buf, n - i + (size_t)neg, 0, node);
}
static const char MAX96[] = "79228162514264337593543950335"; // System.Decimal: 96 bits, 28 digits of fraction

static int holds(const u8 *d, size_t whole, size_t fraction) {
    size_t n = whole + fraction;
    if (whole > 29 || fraction > 28) return 0;
    while (n && *d == '0') { d++; n--; }
    return n < 29 || (n == 29 && memcmp(d, MAX96, 29) <= 0);
}
static int decimal(Run *x, const Member *m, Text *v, int trimmed, int key, u32 *node) {
    const u8 *s = text_of(x, v);
    size_t n = v->len, i = 0, whole = 0, fraction = 0;
    u8 d[136], out[140];
    int json = x->o.format == JSON && !key, neg = n && s[0] == '-', zero = 1;
    if (n > 128) BAD;
    if (neg || (n && s[0] == '+' && !json)) i = 1;
    size_t from = i;
    while (i < n && is_digit(s[i])) i++;
    size_t digits = i - from, lead = from;
    if (json && (!digits || (digits > 1 && s[from] == '0'))) BAD;
    while (lead < i && s[lead] == '0') lead++;
    whole = i - lead;
    memcpy(d, s + lead, whole);
    if (i < n) {
        if (s[i++] != '.') BAD;
        size_t b = i;
        while (i < n && is_digit(s[i])) i++;
        fraction = i - b;
        if (i != n || (json && !fraction) || (!digits && !fraction)) BAD;
        memcpy(d + whole, s + b, fraction);
    } else if (!digits) BAD;
    while (fraction && d[whole + fraction - 1] == '0' && !holds(d, whole, fraction)) fraction--;
    if (!holds(d, whole, fraction)) BAD;
    for (size_t k = 0; k < whole + fraction; k++) zero = zero && d[k] == '0';
    if (neg && zero && x->o.to == TO_VALUES) BAD;               // the value has a sign, and no text of .NET's
    u8 *o = out;
    if (neg && !zero) *o++ = '-';
    if (whole) { memcpy(o, d, whole); o += whole; } else *o++ = '0';
    if (fraction) { *o++ = '.'; memcpy(o, d + whole, fraction); o += fraction; }
    size_t len = (size_t)(o - out), as_json = len;
    if (json && !fraction) { memcpy(o, ".0", 2); as_json += 2; }
    int same = !trimmed && as_json == n && !memcmp(out, s, n);
    u32 flags = fraction ? 0 : F_WHOLE;
    if (!fraction && x->o.format == XML && x->o.to == TO_JSON) {
        u32 slot = slot_of(m->site, V_SCALE);
        if (m->flags & M_KEY || x->o.refuse >> V_SCALE & 1) BAD;
        if (!x->told[slot] && v->flags & F_SCRATCH) BAD;       // its place is not known
        TRY(hit(x, slot));
        flags |= F_SCALE;
        x->walk |= !x->told[slot];
    }
    if (same && as_json == len) return settled(x, m, v, out, len, flags, 1, node);
    if (!same) TRY(not_wire(x, m, v));
    TRY(keep(x, out, len, &v->off));
    v->len = (u32)len;
    v->flags = F_SCRATCH | flags;
    return text_node(x, v, node);
}
static int boolean(Run *x, const Member *m, Text *v, int trimmed, u32 *node) {
    const u8 *s = text_of(x, v);
    size_t n = v->len;
    if (is(s, n, "true") || is(s, n, "false")) {
        return trimmed ? rewritten(x, m, v, s, n, 0, node) : text_node(x, v, node);
    }
    if (x->o.format == XML && n == 1 && (*s == '0' || *s == '1')) {
        const char *word = *s == '1' ? "true" : "false";
        return rewritten(x, m, v, (const u8 *)word, strlen(word), 0, node);
    }
    BAD;
}
static int guid(Run *x, const Member *m, Text *v, u32 *node) {
    const u8 *s = text_of(x, v);
    u8 buf[36];
    int same = 1;
    if (v->len != 36) BAD;
    for (size_t i = 0; i < 36; i++) {
        u8 c = s[i], low = c | 32;
        buf[i] = c;
        if (i == 8 || i == 13 || i == 18 || i == 23) { if (c != '-') BAD; continue; }
        if (is_digit(c)) continue;
        if (low < 'a' || low > 'f') BAD;
        same = same && c == low;
        buf[i] = low;
    }
    return settled(x, m, v, buf, 36, 0, same, node);
}
static int base64_value(u8 c) {
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (is_digit(c)) return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}
// Bytes in base64, in lines perhaps. Bits that would be dropped are for the careful lane.
static int base64(Run *x, const Member *m, Text *v, int trimmed, u32 *node) {
    TRY(need_scratch(x, (size_t)v->len + 16));
    const u8 *s = text_of(x, v);
    u8 *o = x->scratch + x->sn;
    size_t k = 0;
    for (size_t i = 0; i < v->len; i++) if (!is_space(s[i])) o[k++] = s[i];
    size_t n = k, pad = 0;
    if (n % 4) BAD;
    while (pad < 2 && pad < n && o[n - 1 - pad] == '=') pad++;
    for (size_t i = 0; i < n - pad; i++) if (base64_value(o[i]) < 0) BAD;
    if (pad && (base64_value(o[n - 1 - pad]) & (pad == 2 ? 15 : 3))) BAD;
    if (n == v->len && !trimmed) return text_node(x, v, node);
    if (k != v->len || trimmed) TRY(not_wire(x, m, v));
    v->off = (u32)x->sn; v->len = (u32)n; v->flags = F_SCRATCH;
    x->sn += n;
    return text_node(x, v, node);
}

// ---- doubles -------------------------------------------------------------------------------------------------------

#define LIMBS 48
typedef struct { u32 limb[LIMBS]; int n; } Big;

static void big_set(Big *b, u64 v) {
    b->n = 0;
    while (v) { b->limb[b->n++] = (u32)v; v >>= 32; }
}
static int big_times(Big *b, u32 f) {
    u64 carry = 0;
    for (int i = 0; i < b->n; i++) { carry += (u64)b->limb[i] * f; b->limb[i] = (u32)carry; carry >>= 32; }
    if (carry) { if (b->n == LIMBS) return -1; b->limb[b->n++] = (u32)carry; }
    return 0;
}
static int big_over(Big *b, u32 f) {      // gives whether something remains
    u64 rest = 0;
    for (int i = b->n; i-- > 0;) { rest = rest << 32 | b->limb[i]; b->limb[i] = (u32)(rest / f); rest %= f; }
    while (b->n && !b->limb[b->n - 1]) b->n--;
    return rest != 0;
}
static int big_bits(const Big *b) { return b->n ? b->n * 32 - __builtin_clz(b->limb[b->n - 1]) : 0; }
static int big_left(Big *b, int bits) {
    int words = bits / 32;
    if (b->n + words + 1 > LIMBS) return -1;
    memmove(b->limb + words, b->limb, (size_t)b->n * 4);
    memset(b->limb, 0, (size_t)words * 4);
    b->n += words;
    return bits % 32 ? big_times(b, 1u << bits % 32) : 0;
}
// The bits from `from` up as a number of at most 64 bits, and whether those below hold anything.
static u64 big_above(const Big *b, int from, int *sticky) {
    u64 v = 0;
    for (int i = 0; i < b->n; i++) {
        int at = i * 32 - from;
        u64 w = b->limb[i];
        if (at >= 0) v |= at < 64 ? w << at : 0;
        else if (at > -32) { v |= w >> -at; *sticky |= (w & ((1u << -at) - 1)) != 0; }
        else *sticky |= w != 0;
    }
    return v;
}
static int big_power(Big *b, int power, int divide, int *sticky) {   // times or over 10 to the power
    for (; power > 0; power -= 9) {
        u32 f = 1;
        for (int i = 0; i < (power < 9 ? power : 9); i++) f *= 10;
        if (!divide) { if (big_times(b, f)) return -1; }
        else *sticky |= big_over(b, f);
    }
    return 0;
}
// digits * 10^exponent as the nearest double, ties to even: its bits' parts. -1 for what is not a normal number.
static int to_double(u64 digits, int exponent, u64 *mantissa, int *power) {
    Big b;
    int sticky = 0, shift = 0;
    big_set(&b, digits);
    if (exponent > 330 || exponent < -345) return -1;
    if (exponent >= 0) { if (big_power(&b, exponent, 0, &sticky)) return -1; }
    else {
        shift = 64 + (-exponent * 3322) / 1000 + 1;
        if (big_left(&b, shift)) return -1;
        big_power(&b, -exponent, 1, &sticky);
    }
    int bits = big_bits(&b), from = bits - 54;
    u64 v;
    if (from < 0) { v = big_above(&b, 0, &sticky) << -from; }
    else v = big_above(&b, from, &sticky);
    int half = (int)(v & 1);
    v >>= 1;
    if (half && (sticky || (v & 1))) v++;
    *power = from + 1 - shift;
    if (v >> 53) { v >>= 1; ++*power; }
    *mantissa = v;
    return *power > 971 || *power < -1074 + 1 ? -1 : 0;
}
// Rounds mantissa * 2^power to `want` significant digits; gives them, and the exponent of the first.
static int to_digits(u64 mantissa, int power, int want, u64 *digits, int *first) {
    Big b;
    // The exponent of the first digit, exactly or one too few: so there are one or two digits more than wanted.
    int sticky = 0, estimate = ((power + 52) * 30103) / 100000 - ((power + 52) < 0), scale = want - estimate, below = 1;
    big_set(&b, mantissa);
    if (scale >= 0 && big_power(&b, scale, 0, &sticky)) return -1;
    if (power > 0 && big_left(&b, power)) return -1;
    if (scale < 0) big_power(&b, -scale, 1, &sticky);
    u64 v = big_above(&b, power < 0 ? -power : 0, &sticky), top = 1;
    for (int i = 0; i < want; i++) top *= 10;
    if (v < top) return -1;
    for (; v >= top * 10; below++) v /= 10;
    int last = (int)(v % 10);
    v /= 10;
    if (last >= 5) v++;                      // halves go away from zero
    if (v == top) { v /= 10; below++; }
    *digits = v;
    *first = want - 1 + below - scale;
    return 0;
}
static void to_single(u64 *mantissa, int *power) {    // 24 of the 53 bits, ties to even
    u64 low = *mantissa & 0x1fffffff, half = 0x10000000, v = *mantissa >> 29;
    if (low > half || (low == half && (v & 1))) v++;
    *mantissa = v << 29;
    if (*mantissa >> 53) { *mantissa >>= 1; ++*power; }
}
// The text of digits * 10^(first - count + 1) as .NET's "R" writes it, into `o`; `plain` is the first exponent in E form.
static u8 *put_double(u8 *o, int neg, u64 digits, int first, int plain) {
    u8 b[24];
    int n = 0;
    while (digits % 10 == 0) digits /= 10;
    n = (int)(put_number(b, digits, 1) - b);
    if (neg) *o++ = '-';
    if (first < -4 || first >= plain) {
        *o++ = b[0];
        if (n > 1) { *o++ = '.'; memcpy(o, b + 1, (size_t)n - 1); o += n - 1; }
        *o++ = 'E'; *o++ = first < 0 ? '-' : '+';
        return put_number(o, (u64)(first < 0 ? -first : first), 2);
    }
    if (first < 0) {
        *o++ = '0'; *o++ = '.';
        for (int i = -1; i > first; i--) *o++ = '0';
        memcpy(o, b, (size_t)n);
        return o + n;
    }
    for (int i = 0; i < n || i <= first; i++) {
        if (i == first + 1) *o++ = '.';
        *o++ = i < n ? b[i] : '0';
    }
    return o;
}
typedef struct { u64 digits; int exponent, count, neg; } Number;

// Reads a number of at most 19 significant digits: digits * 10^exponent, without zeros at its ends.
static int read_number(const u8 *s, size_t n, int json, Number *r) {
    size_t i = 0, some = 0;
    int zeros = 0, point = 0;
    *r = (Number){0};
    if (n && (s[0] == '-' || (s[0] == '+' && !json))) { r->neg = s[0] == '-'; i = 1; }
    if (json && (i >= n || !is_digit(s[i]) || (s[i] == '0' && i + 1 < n && is_digit(s[i + 1])))) return -1;
    for (; i < n && (is_digit(s[i]) || (s[i] == '.' && !point)); i++) {
        if (s[i] == '.') { point = 1; if (json && (i + 1 >= n || !is_digit(s[i + 1]))) return -1; continue; }
        some++;
        r->exponent -= point;
        if (s[i] == '0') { zeros += r->count > 0; if (!r->count) continue; continue; }
        for (; zeros > 0; zeros--) { if (r->count++ > 18) return -1; r->digits *= 10; }
        if (r->count++ > 18) return -1;
        r->digits = r->digits * 10 + (u64)(s[i] - '0');
    }
    if (!some) return -1;
    if (r->count) r->exponent += zeros; else r->exponent = 0;
    if (i < n) {
        int e = 0, neg = 0;
        if (s[i] != 'e' && s[i] != 'E') return -1;
        if (++i < n && (s[i] == '+' || s[i] == '-')) neg = s[i++] == '-';
        if (i >= n || n - i > 4) return -1;
        for (; i < n; i++) { if (!is_digit(s[i])) return -1; e = e * 10 + s[i] - '0'; }
        r->exponent += neg ? -e : e;
    }
    return 0;
}
// Writes a number as .NET would; 0 where that is not known here.
static size_t write_number(const Number *r, int single, u8 *o) {
    int few = single ? 7 : 15, all = single ? 9 : 17, first = r->exponent + r->count - 1;
    if (!r->count) { u8 *e = o; if (r->neg) *e++ = '-'; *e++ = '0'; return (size_t)(e - o); }
    if (first > 308 || first < -308) return 0;
    int usual = single ? first <= 37 && first >= -37 : first <= 307 && first >= -307;
    if (usual && r->count <= (single ? 6 : 15)) return (size_t)(put_double(o, r->neg, r->digits, first, few) - o);
    u64 m, m2, digits;
    int p, p2, f;
    if (to_double(r->digits, r->exponent, &m, &p)) return 0;
    if (single) to_single(&m, &p);
    if (single && (p > 75 || p < -178)) return 0;            // no normal number of 32 bits
    if (to_digits(m, p, few, &digits, &f)) return 0;
    if (to_double(digits, f - few + 1, &m2, &p2)) m2 = 0;    // rounded beyond what there is: another number
    if (single) to_single(&m2, &p2);
    if (m2 == m && p2 == p) return (size_t)(put_double(o, r->neg, digits, f, few) - o);
    if (to_digits(m, p, all, &digits, &f)) return 0;
    return (size_t)(put_double(o, r->neg, digits, f, all) - o);
}
static int number_word(Run *x, const u8 *s, size_t n, u32 src, u32 *node) {
    if (x->o.to == TO_VALUES) BAD;           // JSON has no number for it
    for (u32 i = 0; i < 3; i++) {
        const Name *q = x->program->names + x->program->h.words + i;
        Str w = x->o.format == JSON ? q->json : q->xml;
        if (w.len == n && !memcmp(x->pool + w.off, s, n)) return name_node(x, x->program->h.words + i, src, node);
    }
    BAD;
}
static int floating(Run *x, const Type *t, const Member *m, Text *v, int trimmed, int key, u32 *node) {
    const u8 *s = text_of(x, v);
    size_t n = v->len;
    int json = x->o.format == JSON && !key, same;
    u8 out[48];
    Number r;
    if (n > 128) BAD;
    if (json && n >= 19 && !memchr(s, '.', n) && !memchr(s, 'e', n) && !memchr(s, 'E', n)) BAD;   // may be cut off
    if (read_number(s, n, json, &r)) {
        if (json || trimmed) BAD;
        if (!(m->flags & M_KEY)) return number_word(x, s, n, v->src, node);
        if (is(s, n, "NaN") || (key && v->flags & F_SCRATCH)) BAD;         // each NaN is a key of its own
        return key ? number_word(x, x->base + v->src, v->src_len, v->src, node) : number_word(x, s, n, v->src, node);
    }
    size_t len = write_number(&r, t->datatype == D_FLOAT, out), as_json = len;
    if (!len || (!r.count && r.neg && (m->flags & M_KEY || x->o.profile & SETTLED))) BAD;
    if (m->flags & M_KEY && r.count > (t->datatype == D_FLOAT ? 6 : 15)) BAD;      // JSON's keys have fewer digits
    int whole = !memchr(out, '.', len) && !memchr(out, 'E', len);
    if (json && whole) { memcpy(out + len, ".0", 2); as_json += 2; }
    same = !trimmed && as_json == n && !memcmp(out, s, n);
    u32 flags = whole ? F_WHOLE : 0;
    if (same && as_json == len) return settled(x, m, v, out, len, flags, 1, node);
    if (!same) TRY(not_wire(x, m, v));
    TRY(keep(x, out, len, &v->off));
    v->len = (u32)len;
    v->flags = F_SCRATCH | flags;
    return text_node(x, v, node);
}

// ---- durations, characters, enumerations ---------------------------------------------------------------------------

#define TICKS 10000000ull
typedef struct { u64 days, hours, minutes, seconds, fraction; int neg; } Span;

static int read_part(const u8 **s, const u8 *e, u64 *v, int most) {
    const u8 *b = *s;
    *v = 0;
    while (*s < e && is_digit(**s) && *s - b < most) *v = *v * 10 + (u64)(*(*s)++ - '0');
    return *s > b && (*s == e || !is_digit(**s)) ? 0 : -1;
}
static int read_fraction(const u8 **s, const u8 *e, u64 *v) {
    const u8 *b = *s;
    int k = 0;
    for (*v = 0; *s < e && is_digit(**s); ++*s) if (k < 7) { *v = *v * 10 + (u64)(**s - '0'); k++; }
    for (; k < 7; k++) *v *= 10;
    return *s > b ? 0 : -1;
}
// PnDTnHnMn.nS, each part once and in order.
static int read_duration(const u8 *s, size_t n, Span *d) {
    const u8 *e = s + n;
    int time = 0, parts = 0;
    const char *units = "DHMS", *unit;
    *d = (Span){0};
    if (s < e && *s == '-') { d->neg = 1; s++; }
    if (s >= e || *s++ != 'P') return -1;
    while (s < e) {
        u64 v, f = 0;
        if (*s == 'T' && !time) { time = 1; units = "HMS"; s++; if (s >= e) return -1; continue; }
        if (read_part(&s, e, &v, 9) || s >= e) return -1;
        int dot = *s == '.';
        if (dot) { s++; if (read_fraction(&s, e, &f) || s >= e) return -1; }
        if (!(unit = strchr(units, *s)) || !*s || (dot && *s != 'S') || (*s == 'D') == time) return -1;
        *(*s == 'D' ? &d->days : *s == 'H' ? &d->hours : *s == 'M' ? &d->minutes : &d->seconds) = v;
        if (*s == 'S') d->fraction = f;
        units = unit + 1; s++; parts++;
    }
    return parts ? 0 : -1;
}
// [-][d.]hh:mm:ss[.fffffff]
static int read_timespan(const u8 *s, size_t n, Span *d) {
    const u8 *e = s + n;
    *d = (Span){0};
    if (s < e && *s == '-') { d->neg = 1; s++; }
    const u8 *dot = memchr(s, '.', (size_t)(e - s)), *colon = memchr(s, ':', (size_t)(e - s));
    if (dot && colon && dot < colon) { if (read_part(&s, e, &d->days, 8) || *s++ != '.') return -1; }
    if (e - s < 8 || s[2] != ':' || s[5] != ':') return -1;
    int h = two(s), m = two(s + 3), c = two(s + 6);
    if ((u32)h > 23 || (u32)m > 59 || (u32)c > 59) return -1;
    d->hours = (u64)h; d->minutes = (u64)m; d->seconds = (u64)c;
    s += 8;
    if (s == e) return 0;
    if (*s++ != '.' || e - s > 7 || read_fraction(&s, e, &d->fraction)) return -1;
    return s == e ? 0 : -1;
}
static int normal_span(Span *d) {     // -1 where a TimeSpan, ticks of 100 ns in 64 bits, does not hold it
    u64 seconds = ((d->days * 24 + d->hours) * 60 + d->minutes) * 60 + d->seconds;
    const u64 most = 922337203685ull, ticks = 4775807ull + (d->neg != 0);
    if (seconds > most || (seconds == most && d->fraction > ticks)) return -1;
    if (!seconds && !d->fraction) d->neg = 0;
    d->seconds = seconds % 60; d->minutes = seconds / 60 % 60; d->hours = seconds / 3600 % 24; d->days = seconds / 86400;
    return 0;
}
static u8 *put_ticks(u8 *o, u64 fraction, int trim) {
    u8 *b = o;
    *o++ = '.';
    o = put_number(o, fraction, 7);
    if (trim) while (o > b + 1 && o[-1] == '0') o--;
    return o;
}
static size_t span_xml(const Span *d, u8 *o) {
    u8 *b = o;
    if (!d->days && !d->hours && !d->minutes && !d->seconds && !d->fraction) { memcpy(o, "PT0S", 4); return 4; }
    if (d->neg) *o++ = '-';
    *o++ = 'P';
    if (d->days) { o = put_number(o, d->days, 1); *o++ = 'D'; }
    if (d->hours || d->minutes || d->seconds || d->fraction) *o++ = 'T';
    if (d->hours) { o = put_number(o, d->hours, 1); *o++ = 'H'; }
    if (d->minutes) { o = put_number(o, d->minutes, 1); *o++ = 'M'; }
    if (d->seconds || d->fraction) {
        o = put_number(o, d->seconds, 1);
        if (d->fraction) o = put_ticks(o, d->fraction, 1);
        *o++ = 'S';
    }
    return (size_t)(o - b);
}
static size_t span_json(const Span *d, u8 *o) {
    u8 *b = o;
    if (d->neg) *o++ = '-';
    if (d->days) { o = put_number(o, d->days, 1); *o++ = '.'; }
    o = put_number(o, d->hours, 2); *o++ = ':'; o = put_number(o, d->minutes, 2); *o++ = ':';
    o = put_number(o, d->seconds, 2);
    if (d->fraction) o = put_ticks(o, d->fraction, 0);
    return (size_t)(o - b);
}
static int duration(Run *x, const Member *m, Text *v, int trimmed, u32 *node) {
    Span d;
    u8 xml[64], json[64];
    const u8 *s = text_of(x, v);
    if (v->len > 64 || (x->o.format == JSON ? read_timespan : read_duration)(s, v->len, &d) || normal_span(&d)) BAD;
    size_t xn = span_xml(&d, xml), jn = span_json(&d, json);
    int same = x->o.format == JSON ? jn == v->len && !memcmp(json, s, jn) : xn == v->len && !memcmp(xml, s, xn);
    if (!same || trimmed) TRY(not_wire(x, m, v));
    return pair_node(x, xml, xn, json, jn, F_QUOTED, v->src, node);
}
// A character: in XML the code of a UTF-16 unit, in JSON a text.
static int character(Run *x, const Member *m, Text *v, int trimmed, u32 *node) {
    const u8 *s = text_of(x, v);
    u8 number[8], json[4];
    u32 code = 0, flags = 0;
    if (x->o.format == JSON) {
        if (!v->len) BAD;
        if (s[0] < 0x80) { if (v->len != 1) BAD; code = s[0]; }
        else {
            int k = utf8(s, s + v->len, &flags);
            if (k <= 0 || k > 3 || (u32)k != v->len) BAD;
            code = k == 2 ? (u32)(s[0] & 31) << 6 | (s[1] & 63) : (u32)(s[0] & 15) << 12 | (u32)(s[1] & 63) << 6 | (s[2] & 63);
        }
    } else {
        if (!v->len || v->len > 5) BAD;
        for (u32 i = 0; i < v->len; i++) { if (!is_digit(s[i])) BAD; code = code * 10 + s[i] - '0'; }
        if (code > 0xffff || (code >= 0xd800 && code <= 0xdfff)) BAD;
    }
    size_t xn = (size_t)(put_number(number, code, 1) - number), jn = put_utf8(json, code);
    if (x->o.format == XML && (trimmed || xn != v->len)) TRY(not_wire(x, m, v));
    return pair_node(x, number, xn, json, jn, F_QUOTED, v->src, node);
}
static int in_uri(u8 c) { return is_digit(c) || (u32)((c | 32) - 'a') < 26u || c == '_' || c == '~' || c == '-'; }

// Whether System.Uri surely changes nothing of a URI: a name alone, or http with a host in small letters and a path.
static int plain_uri(const u8 *s, size_t n) {
    size_t i = 0;
    if (n > 8 && !memcmp(s, "http", 4)) {
        size_t label;
        i = s[4] == 's' ? 5 : 4;
        if (n - i < 4 || memcmp(s + i, "://", 3)) return 0;
        for (i += 3, label = i; i < n && s[i] != '/'; i++) {
            int begins = i == label, last = i + 1 == n || s[i + 1] == '.' || s[i + 1] == '/', letter = s[i] >= 'a' && s[i] <= 'z';
            if (s[i] == '.' && !begins) { label = i + 1; continue; }
            if (i - label > 30 || !(letter || (!begins && is_digit(s[i])) || (!begins && !last && s[i] == '-'))) return 0;
        }
        if (i >= n || i == label || i > 200) return 0;
    }
    int path = i > 0;
    for (; i < n; i++) if (!in_uri(s[i]) && !(path && s[i] == '/')) return 0;
    return n > 0;
}
static int uri(Run *x, const Member *m, Text *v, int trimmed, u32 *node) {
    const u8 *s = text_of(x, v);
    if (trimmed) TRY(not_wire(x, m, v));
    if (x->o.format == JSON && v->len && (is_space(s[0]) || is_space(s[v->len - 1]))) BAD;
    if (x->o.profile && !plain_uri(s, v->len)) BAD;
    return text_node(x, v, node);
}
// A qualified name, surely: without a prefix, in ASCII.
static int qualified_name(Run *x, const Member *m, Text *v, int trimmed, u32 *node) {
    const u8 *s = text_of(x, v);
    if (trimmed) TRY(not_wire(x, m, v));
    for (u32 i = 0; i < v->len; i++) {
        int letter = (u32)((s[i] | 32) - 'a') < 26u || s[i] == '_';
        if (!letter && (i == 0 || !(is_digit(s[i]) || s[i] == '.' || s[i] == '-'))) BAD;
    }
    if (v->len == 0) BAD;
    return text_node(x, v, node);
}
static int enumeration(Run *x, const Type *t, const u8 *s, size_t n, int json, u32 src, u32 *node) {
    for (u32 i = 0; i < t->count; i++) {
        const Name *q = x->program->names + t->first + i;
        Str w = json ? q->json : q->xml;
        if (w.len == n && !memcmp(x->pool + w.off, s, n)) return name_node(x, t->first + i, src, node);
    }
    BAD;
}
// The name that has a whole number; an empty set needs none.
static int whole_name(const Run *x, const Type *t, u64 total, u32 *i) {
    const Name *names = x->program->names + t->first;
    for (*i = 0; *i < t->count; ++*i) if (names[*i].value == total) return 1;
    return 0;
}
// The names that take the bits of a sum, in the order given; -1 where some are left, or there are too many.
static int parts_of(const Run *x, const Type *t, u64 total, const u32 *order, u32 *taken) {
    const Name *names = x->program->names + t->first;
    int n = 0;
    for (u32 k = 0; k < t->count && total; k++) {
        u32 i = order ? order[k] : k;
        if (!names[i].value || (names[i].value & total) != names[i].value) continue;
        if (n == 64) return -1;
        total &= ~names[i].value;
        taken[n++] = i;
    }
    return total ? -1 : n;
}
static int put_names(const Run *x, const Type *t, const u32 *taken, int n, int back, const char *gap, u8 *o, size_t room) {
    size_t at = 0, g = strlen(gap);
    for (int k = 0; k < n; k++) {
        const Name *q = x->program->names + t->first + taken[back ? n - 1 - k : k];
        Str w = back ? q->json : q->xml;
        if (at + w.len + g > room) return -1;
        if (k) { memcpy(o + at, gap, g); at += g; }
        memcpy(o + at, x->pool + w.off, w.len);
        at += w.len;
    }
    return (int)at;
}
// A sum of names, which XML has as they are declared, and JSON with the largest first to take its bits.
static int flags_node(Run *x, const Type *t, u64 total, const u8 *seen, size_t n, u32 src, u32 *node) {
    u32 in_xml[64], in_json[64], one;
    u8 xml[1024], json[1160];
    int xs, js, quoted;
    if (whole_name(x, t, total, &one)) { xs = js = 1; in_xml[0] = in_json[0] = one; }
    else {
        xs = parts_of(x, t, total, NULL, in_xml);
        js = parts_of(x, t, total, x->program->orders + t->order, in_json);
        if (xs < 0 || js < 0) BAD;
    }
    xs = put_names(x, t, in_xml, xs, 0, " ", xml, sizeof xml);
    js = put_names(x, t, in_json, js, 1, ", ", json, sizeof json);
    if (xs < 0 || js < 0) BAD;
    quoted = t->flags & 1 && js > 0;
    if (!quoted) js = (int)(put_number(json, total, 1) - json);
    if (x->o.format == JSON ? (n != (size_t)js || memcmp(json, seen, n)) : (n != (size_t)xs || memcmp(xml, seen, n))) BAD;
    return pair_node(x, xml, (size_t)xs, json, (size_t)js, quoted ? F_QUOTED : 0, src, node);
}
// A list of names with `gap` between them, or a number, as it is written.
static int flags_text(Run *x, const Type *t, const u8 *s, size_t n, const char *gap, u32 src, u32 *node) {
    const Name *names = x->program->names + t->first;
    size_t i = 0, g = strlen(gap);
    u64 total = 0;
    while (i < n) {
        size_t b = i;
        while (i < n && s[i] != (u8)gap[0]) i++;
        u32 k = 0;
        for (; k < t->count; k++) {
            Str w = x->o.format == JSON ? names[k].json : names[k].xml;
            if (w.len == i - b && !memcmp(x->pool + w.off, s + b, i - b)) break;
        }
        if (k == t->count) BAD;
        total |= names[k].value;
        if (i < n) { if (n - i <= g || memcmp(s + i, gap, g)) BAD; i += g; }
    }
    return flags_node(x, t, total, s, n, src, node);
}
static int flags_number(Run *x, const Type *t, const u8 *s, size_t n, u32 src, u32 *node) {
    u64 v = 0;
    if (!n || n > 18) BAD;
    for (size_t i = 0; i < n; i++) { if (!is_digit(s[i])) BAD; v = v * 10 + (u64)(s[i] - '0'); }
    return flags_node(x, t, v, s, n, src, node);
}

// ---- values of any simple type -------------------------------------------------------------------------------------

// Takes the white space off both ends that is not part of a value; gives whether there was any.
static int trim(const Run *x, Text *v) {
    const u8 *s = text_of(x, v);
    u32 n = v->len, i = 0;
    while (i < n && is_space(s[i])) i++;
    while (n > i && is_space(s[n - 1])) n--;
    int trimmed = n - i != v->len;
    v->off += i; v->len = n - i;
    return trimmed;
}
// Checks a text of a simple type, and makes a node of it. In JSON it is a string's text, or a number's or a word's.
static int scalar(Run *x, const Type *t, const Member *m, Text *v, u32 *node) {
    int xml = x->o.format == XML, trimmed = 0;
    if (t->datatype == D_STRING) {
        if (x->o.profile & SETTLED && x->o.to == TO_XML && memchr(text_of(x, v), '\r', v->len)) BAD;
        return text_node(x, v, node);
    }
    if (t->datatype == D_ENUMERATION) return enumeration(x, t, text_of(x, v), v->len, 0, v->src, node);
    if (t->datatype == D_GUID) return guid(x, m, v, node);
    if (xml && t->datatype != D_URI) trimmed = trim(x, v);
    switch (t->datatype) {
    case D_INTEGER: return integer(x, t, m, v, trimmed, node);
    case D_DATETIME: case D_DATE: case D_DATE_OR_DATETIME:
        if (trimmed) TRY(not_wire(x, m, v));
        return date(x, t, m, v, node);
    case D_BOOLEAN: return boolean(x, m, v, trimmed, node);
    case D_DECIMAL: return decimal(x, m, v, trimmed, 0, node);
    case D_DOUBLE: case D_FLOAT: return floating(x, t, m, v, trimmed, 0, node);
    case D_BASE64: return base64(x, m, v, trimmed, node);
    case D_FLAGS: if (trimmed || m->flags & M_KEY) BAD; return flags_text(x, t, text_of(x, v), v->len, " ", v->src, node);
    case D_DURATION: return duration(x, m, v, trimmed, node);
    case D_CHAR: return character(x, m, v, trimmed, node);
    case D_URI: return uri(x, m, v, trimmed, node);
    case D_QNAME: return qualified_name(x, m, v, trimmed, node);
    default: BAD;
    }
}
// A key of a dictionary, which is a text in JSON whatever its type; in XML its text is as a value's.
static int key_text(Run *x, const Type *t, const Member *m, Text *v, u32 *node) {
    const u8 *s = text_of(x, v);
    size_t events = x->n_events, hits = x->hn;
    u64 dropped = x->dropped;
    int went;
    if (x->o.format == JSON && t->datatype == D_BOOLEAN) {
        if (!is(s, v->len, "True") && !is(s, v->len, "False")) BAD;
        const char *word = *s == 'T' ? "true" : "false";
        TRY(keep(x, (const u8 *)word, strlen(word), &v->off));
        v->len = (u32)strlen(word); v->flags = F_SCRATCH;
        return text_node(x, v, node);
    }
    if (t->datatype == D_FLAGS) BAD;
    if (t->datatype == D_DECIMAL) went = decimal(x, m, v, 0, 1, node);
    else if (t->datatype == D_DOUBLE || t->datatype == D_FLOAT) went = floating(x, t, m, v, 0, 1, node);
    else went = scalar(x, t, m, v, node);
    TRY(went);
    if (x->n_events != events || x->hn != hits || x->dropped != dropped) BAD;   // its places are another matter
    return 0;
}

// ---- dictionaries' keys --------------------------------------------------------------------------------------------

// The XML text of a key, which two keys share only where they are the same.
static const u8 *key_of(const Run *x, u32 node, u32 *n) {
    const u32 *k = x->tape + node;
    switch (k[0] & 255) {
    case N_TEXT: *n = k[2]; return chars(x, k[0] >> 8, k[1]);
    case N_PAIR: *n = k[2]; return x->scratch + k[1];
    case N_NAME: { Str w = x->program->names[k[1]].xml; *n = w.len; return x->pool + w.off; }
    default: *n = 0; return NULL;
    }
}
// The length of a decimal without the zeros at its end: 1.0 and 1.00 are one key.
static u32 without_zeros(const u8 *s, u32 n) {
    if (!memchr(s, '.', n)) return n;
    while (s[n - 1] == '0') n--;
    return s[n - 1] == '.' ? n - 1 : n;
}
// Makes sure that a dictionary's keys are there, and differ. `self` is its node; entries are records of two slots.
static int check_keys(Run *x, const Type *t, u32 self) {
    const Member *entry = x->members + t->first;
    u32 datatype = x->types[x->members[x->types[entry->type].first].type].datatype, n = 0, size = 16;
    for (u32 v = x->tape[self + 2]; v; v = x->tape[v - 1]) n++;
    while (size < n * 2) size *= 2;
    TRY(need_tape(x, size));
    u32 *table = x->tape + x->tn;
    memset(table, 0, size * sizeof(u32));
    for (u32 v = x->tape[self + 2]; v; v = x->tape[v - 1]) {
        u32 len, other;
        const u8 *s = key_of(x, x->tape[v + 2], &len);
        if (!s) BAD;
        if (datatype == D_DECIMAL) len = without_zeros(s, len);
        u32 h = 2166136261u, probes = 0;
        for (u32 i = 0; i < len; i++) h = (h ^ s[i]) * 16777619u;
        h ^= h >> 15;
        for (;; h++) {
            u32 at = table[h & (size - 1)];
            if (!at) break;
            const u8 *o = key_of(x, at, &other);
            if (datatype == D_DECIMAL) other = without_zeros(o, other);
            if ((other == len && !memcmp(o, s, len)) || ++probes > 64) BAD;
        }
        table[h & (size - 1)] = x->tape[v + 2];
    }
    return 0;
}

// ---- XML -----------------------------------------------------------------------------------------------------------

static int comment(Run *x) {                // at "<!"
    const u8 *p = x->p, *e = x->end, *at = p;
    if (e - p < 4) { for (int i = 2; i < e - p; i++) if (p[i] != '-') BAD; END; }
    if (p[2] != '-' || p[3] != '-') BAD;
    for (p += 4;;) {
        if (p >= e) END;
        u8 c = *p;
        if (c >= 0x80) {
            u32 flags = 0;
            int k = utf8(p, e, &flags);
            if (k < 0) END;
            if (!k || flags & F_XML) BAD;
            p += k;
            continue;
        }
        if (c == '-') {
            if (e - p < 3) END;
            if (p[1] == '-') { if (p[2] != '>') BAD; x->p = p + 3; return each(x, V_COMMENT, 0, at, 4); }
        } else if (c < 0x20 && !is_space(c)) BAD;
        p++;
    }
}
INLINE const u8 *over_space(const u8 *p, const u8 *e) {
#ifdef SIMD
    while (e - p >= 16 && is_space(*p)) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i w = _mm_or_si128(
            _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(' ')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'))),
            _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\r')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\t'))));
        unsigned k = (unsigned)_mm_movemask_epi8(w) ^ 0xffffu;
        if (k) return p + __builtin_ctz(k);
        p += 16;
    }
#endif
    while (p < e && is_space(*p)) p++;
    return p;
}
INLINE int to_tag(Run *x) {                 // over white space and comments, to the next tag
    for (;;) {
        const u8 *p = x->p = over_space(x->p, x->end), *e = x->end;
        if (UNLIKELY(e - p < 2)) { if (p < e && *p != '<') BAD; END; }
        if (UNLIKELY(*p != '<')) BAD;
        if (LIKELY(p[1] != '!')) { if (UNLIKELY(p[1] == '?')) BAD; return 0; }
        TRY(comment(x));
    }
}
typedef struct {
    const u8 *q;             // its name as it stands
    u32 q_len, local, local_len, ns, saved, scope;
    const u8 *type;          // the value of i:type
    u32 type_len;
    u8 nil, empty;
} Tag;
typedef struct { const u8 *name, *value; u32 prefix, local, value_len; } Attribute;

static u32 bound_to(const Run *x, const u8 *p, u32 n) {
    for (u32 i = x->n_bound; i-- > 0;)
        if (x->bound_to[i].n == n && !memcmp(x->bound_to[i].p, p, n)) return x->bound_to[i].ns;
    return n ? NS_UNBOUND : NS_NONE;
}
static u32 namespace_of(const Run *x, const u8 *v, u32 n) {
    for (u32 i = 1; i < x->program->h.namespaces; i++) {
        Str s = x->program->namespaces[i].escaped;
        if (s.len == n && !memcmp(x->pool + s.off, v, n)) return i;
    }
    return NS_UNKNOWN;
}
static int declare(Run *x, const Tag *t, const u8 *prefix, u32 n, const u8 *v, u32 vn, int plain) {
    u32 ns = vn ? namespace_of(x, v, vn) : NS_NONE;
    if (!vn && n) BAD;
    if (ns == NS_UNKNOWN) {
        if (!plain || is(v, vn, "http://www.w3.org/XML/1998/namespace") || is(v, vn, "http://www.w3.org/2000/xmlns/")) BAD;
    }
    if (n >= 3 && (prefix[0] | 32) == 'x' && (prefix[1] | 32) == 'm' && (prefix[2] | 32) == 'l') BAD;
    for (u32 i = t->saved; i < x->n_bound; i++)
        if (x->bound_to[i].n == n && !memcmp(x->bound_to[i].p, prefix, n)) BAD;
    if (x->n_bound >= BINDINGS) BAD;
    x->bound_to[x->n_bound++] = (Binding){prefix, n, ns};
    x->scope = ++x->serial;
    return 0;
}
// One attribute: p behind white space, at its name; to behind its value. `plain`: no references, nothing but ASCII.
static int attribute(Run *x, Attribute *a, int *plain) {
    const u8 *p = x->p, *e = x->end, *colon = NULL;
    a->name = p;
    if (!(IN_NAME[*p] & 1) || *p >= 128) BAD;
    while (p < e && ((IN_NAME[*p] && *p < 128) || (*p == ':' && !colon))) { if (*p == ':') colon = p; p++; }
    if (p >= e) END;
    if (p - a->name > 64 || (colon && (colon + 1 == p || !(IN_NAME[colon[1]] & 1)))) BAD;
    a->prefix = colon ? (u32)(colon - a->name) : 0;
    a->local = (u32)(p - a->name) - (colon ? a->prefix + 1 : 0);
    p = over_space(p, e);
    if (p >= e) END;
    if (*p++ != '=') BAD;
    p = over_space(p, e);
    if (p >= e) END;
    u8 quote = *p++;
    if (quote != '"' && quote != '\'') BAD;
    a->value = p;
    *plain = 1;
    while (p < e && *p != quote) {
        if (*p <= ' ' || *p == '<') BAD;
        if (*p >= 128 || *p == '&') *plain = 0;
        p++;
    }
    if (p >= e) END;
    if (p - a->value > 512) BAD;
    a->value_len = (u32)(p - a->value);
    x->p = p + 1;
    return 0;
}
static int known_attribute(Run *x, Tag *t, const Attribute *a) {
    const u8 *local = a->name + a->prefix + 1;
    if (!a->prefix || bound_to(x, a->name, a->prefix) != NS_XSI) BAD;
    if (is(local, a->local, "nil")) {
        if (t->nil || !is(a->value, a->value_len, "true")) BAD;
        t->nil = 1;
        return 0;
    }
    if (!is(local, a->local, "type") || t->type || !a->value_len) BAD;
    t->type = a->value;
    t->type_len = a->value_len;
    return 0;
}
static int attributes(Run *x, Tag *t) {     // behind the name; to behind '>'
    Attribute kept[8];
    u32 n = 0;
    for (;;) {
        const u8 *b = x->p, *p = over_space(b, x->end);
        if (p >= x->end) END;
        x->p = p;
        if (*p == '>') { x->p++; break; }
        if (*p == '/') {
            if (x->end - p < 2) END;
            if (p[1] != '>') BAD;
            t->empty = 1;
            x->p += 2;
            break;
        }
        if (p == b) BAD;
        Attribute a;
        int plain;
        TRY(attribute(x, &a, &plain));
        if (!a.prefix && is(a.name, a.local, "xmlns")) { TRY(declare(x, t, a.name, 0, a.value, a.value_len, plain)); continue; }
        if (a.prefix == 5 && !memcmp(a.name, "xmlns", 5)) {
            TRY(declare(x, t, a.name + 6, a.local, a.value, a.value_len, plain));
            continue;
        }
        if (!plain || n == 8) BAD;
        kept[n++] = a;
    }
    for (u32 i = 0; i < n; i++) TRY(known_attribute(x, t, kept + i));
    return 0;
}
INLINE int start_tag(Run *x, Tag *t) {      // at '<', which no '/', '!' or '?' follows
    const u8 *p = x->p + 1, *e = x->end, *q = p, *colon = NULL;
    t->saved = x->n_bound; t->scope = x->scope; t->nil = t->empty = 0; t->type = NULL;
    if (p >= e) END;
    if (!(IN_NAME[*p] & 1)) BAD;
    while (p < e && IN_NAME[*p]) p++;
    if (p < e && *p == ':') {
        colon = p++;
        if (p < e && !(IN_NAME[*p] & 1)) BAD;
        while (p < e && IN_NAME[*p]) p++;
    }
    if (p >= e) END;
    t->q = q; t->q_len = (u32)(p - q); t->local = colon ? (u32)(colon - q) + 1 : 0; t->local_len = t->q_len - t->local;
    if (UNLIKELY(t->q_len > NAME_MOST)) BAD;
    x->p = p;
    if (LIKELY(*p == '>')) x->p = p + 1;
    // What said nil last needs no second look, in the same bindings.
    else if (x->nil_tail_len && x->nil_scope == x->scope && (size_t)(e - p) >= x->nil_tail_len
             && !memcmp(p, x->nil_tail, x->nil_tail_len)) { t->nil = t->empty = 1; x->p = p + x->nil_tail_len; }
    else {
        u32 bound = x->n_bound;
        TRY(attributes(x, t));
        if (t->nil && t->empty && !t->type && bound == x->n_bound && x->p - p < 64) {
            x->nil_tail = p; x->nil_tail_len = (u32)(x->p - p); x->nil_scope = x->scope;
        }
    }
    if (colon) for (const u8 *c = q; c < colon; c++) if (*c >= 128) BAD;
    t->ns = bound_to(x, q, colon ? t->local - 1 : 0);
    return 0;
}
INLINE int end_tag(Run *x, const u8 *q, u32 n) {     // at "</"
    const u8 *p = x->p, *e = x->end;
    if (UNLIKELY((size_t)(e - p) < n + 3u)) END;
    if (UNLIKELY(memcmp(p + 2, q, n))) BAD;
    p += 2 + n;
    if (UNLIKELY(*p != '>')) {
        p = over_space(p, e);
        if (p >= e) END;
        if (*p != '>') BAD;
    }
    x->p = p + 1;
    return 0;
}
INLINE int is_member(const Run *x, const Member *m, const Tag *t) {
    return m->name.len == t->local_len && m->ns == t->ns && !memcmp(x->pool + m->name.off, t->q + t->local, t->local_len);
}
static int reference_number(const u8 *p, const u8 *s, u32 *code) {
    u32 v = 0, base = p < s && *p == 'x' ? 16 : 10;
    if (base == 16) p++;
    if (p >= s) return -1;
    for (; p < s; p++) {
        u8 c = *p, low = c | 32;
        u32 d = is_digit(c) ? (u32)(c - '0') : base == 16 && low >= 'a' && low <= 'f' ? (u32)(low - 'a' + 10) : 99;
        if (d == 99) return -1;
        v = v * base + d;
        if (v > 0x10ffff) return -1;
    }
    *code = v;
    return v >= 0xd800 && v <= 0xdfff ? -1 : 0;
}
static int reference(Run *x, u32 *code) {   // at '&'
    static const struct { const char *name; u8 c; } KNOWN[] = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    const u8 *p = x->p + 1, *e = x->end, *s = p;
    while (s < e && s - p < 24 && *s != ';') s++;
    if (s >= e) END;
    if (*s != ';') BAD;
    x->p = s + 1;
    if (p < s && *p == '#') { if (reference_number(p + 1, s, code)) BAD; return 0; }
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        if (is(p, (size_t)(s - p), KNOWN[i].name)) { *code = KNOWN[i].c; return 0; }
    BAD;
}
#ifdef SIMD
// Sixteen bytes at a time to the next that is not plain in either format.
INLINE const u8 *over_plain(const u8 *p, const u8 *e) {
    while (e - p >= 16) {
        __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i m = _mm_or_si128(
            _mm_or_si128(_mm_cmplt_epi8(v, _mm_set1_epi8(0x20)), _mm_cmpeq_epi8(v, _mm_set1_epi8('<'))),
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('&')), _mm_cmpeq_epi8(v, _mm_set1_epi8('>'))),
                         _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')))));
        unsigned k = (unsigned)_mm_movemask_epi8(m);
        if (k) return p + __builtin_ctz(k);
        p += 16;
    }
    return p;
}
#else
#define over_plain(p, e) (p)
#endif
INLINE int scan_text(Run *x, const u8 *start, u32 *flags) {      // to '<', '&' or CR
    const u8 *p = x->p, *e = x->end;
    for (;;) {
        p = over_plain(p, e);
        while (p < e && !IN_XML[*p]) p++;
        if (UNLIKELY(p >= e)) END;
        switch (IN_XML[*p]) {
        case 1: case 2: case 3: x->p = p; return 0;
        case 4: *flags |= F_JSON; p++; break;
        case 5: if (p - start >= 2 && p[-1] == ']' && p[-2] == ']') BAD; *flags |= F_XML; p++; break;
        case 7: {
            u32 f = 0;
            int k = utf8(p, e, &f);
            if (k < 0) END;
            if (!k || f & F_XML) BAD;
            *flags |= f;
            p += k;
            break;
        }
        default: BAD;
        }
    }
}
static int section(Run *x) {                // at "<![": a CDATA section, whose text goes to scratch
    static const char OPEN[] = "<![CDATA[";
    const u8 *p = x->p, *e = x->end;
    for (int i = 0; i < 9; i++) { if (p + i >= e) END; if (p[i] != (u8)OPEN[i]) BAD; }
    for (p += 9;;) {
        if (e - p < 3) END;
        if (p[0] == ']' && p[1] == ']' && p[2] == '>') { x->p = p + 3; return 0; }
        TRY(need_scratch(x, 8));
        u8 c = *p;
        if (c >= 128) {
            u32 f = 0;
            int k = utf8(p, e, &f);
            if (k < 0) END;
            if (!k || f & F_XML) BAD;
            memcpy(x->scratch + x->sn, p, (size_t)k);
            x->sn += (size_t)k; p += k;
            continue;
        }
        if (c < 0x20 && !is_space(c)) BAD;
        if (c == '\r') { x->scratch[x->sn++] = '\n'; p += p[1] == '\n' ? 2 : 1; continue; }
        x->scratch[x->sn++] = c;
        p++;
    }
}
// A text with references, comments, sections or CR: it began at s and has been scanned to x->p.
static int text_slow(Run *x, const u8 *s, Text *v) {
    size_t start = x->sn;
    for (;;) {
        size_t n = (size_t)(x->p - s);
        TRY(need_scratch(x, n + 8));
        if (n) memcpy(x->scratch + x->sn, s, n);
        x->sn += n;
        const u8 *p = x->p, *e = x->end;
        if (*p == '&') { u32 code; TRY(reference(x, &code)); x->sn += put_utf8(x->scratch + x->sn, code); }
        else if (*p == '\r') {
            if (e - p < 2) END;
            x->scratch[x->sn++] = '\n';
            x->p += p[1] == '\n' ? 2 : 1;
        } else {
            if (e - p < 2) END;
            if (p[1] != '!') break;
            if (e - p < 3) END;
            if (p[2] == '-') TRY(comment(x));
            else TRY(section(x));
        }
        u32 ignored = 0;
        s = x->p;
        TRY(scan_text(x, s, &ignored));
    }
    v->off = (u32)start; v->len = (u32)(x->sn - start);
    v->flags = escapes_of(x->scratch + start, v->len) | F_SCRATCH;
    return 0;
}
static int xml_text(Run *x, const Tag *t, Text *v) {      // of an element; to its end tag
    const u8 *s = x->p;
    *v = (Text){(u32)(s - x->base), 0, 0, (u32)(s - x->base), 0};
    if (t->empty) return 0;
    TRY(scan_text(x, s, &v->flags));
    if (UNLIKELY(x->end - x->p < 2)) END;
    if (LIKELY(x->p[0] == '<' && x->p[1] != '!')) v->len = (u32)(x->p - s);
    else TRY(text_slow(x, s, v));
    if (UNLIKELY(x->end - x->p < 2)) END;
    if (UNLIKELY(x->p[1] != '/')) BAD;
    v->src_len = (u32)(x->p - s);
    return 0;
}
static int xml_value(Run *x, const Member *m, Tag *t, u32 index, u32 *node);

static int record_node(Run *x, u32 n, u32 variant, const u8 *at, u32 *node) {
    TRY(need_tape(x, (size_t)n + 2));
    u32 *t = x->tape + x->tn;
    *node = (u32)x->tn;
    t[0] = N_RECORD | variant << 8; t[1] = (u32)(at - x->base);
    memset(t + 2, 0, (size_t)n * 4);
    x->tn += n + 2;
    return 0;
}
static int list_node(Run *x, const u8 *at, u32 *node) {
    TRY(need_tape(x, 3));
    u32 *t = x->tape + x->tn;
    *node = (u32)x->tn;
    t[0] = N_LIST; t[1] = (u32)(at - x->base); t[2] = 0;
    x->tn += 3;
    return 0;
}
// Each item has the word before its node: where the next one's node is.
static int new_link(Run *x, u32 *link) {
    TRY(need_tape(x, 1));
    u32 nl = (u32)x->tn;
    x->tape[x->tn++] = 0;
    x->tape[*link] = nl + 1;
    *link = nl;
    return 0;
}
static int is_left_out(const Run *x, const Member *m, u32 node);

// Whether XML has a member's default where it is absent.
INLINE int is_filled(const Run *x, u32 flags) {
    if (flags & M_MEANT && x->o.format == JSON) return 1;
    return x->o.profile & SETTLED && (!(flags & M_SILENT) || flags & M_KEPT);
}
// Whether a value may be its type's default: a comparison of structs is the careful lane's.
static int may_be_default(const Run *x, const Member *m, u32 node) {
    const u32 *t = x->tape + node;
    u32 kind = t[0] & 255, n;
    if (!node || kind == N_NIL) return 1;
    if (m->flags & M_NILLABLE || kind == N_LIST) return 0;      // something, where null is the default
    if (kind == N_OFFSET) return x->scratch[t[1]] == '0';
    if (kind != N_RECORD) {
        const u8 *s = key_of(x, node, &n);
        return is_left_out(x, m, node) || (n && (*s == '0' || *s == '-'));      // 0.00 equals 0, and -0 does
    }
    const Type *ty = x->types + m->type;
    for (u32 i = 0; i < ty->count; i++) if (!may_be_default(x, x->members + ty->first + i, t[2 + i])) return 0;
    return 1;
}
// Whether the default of a member is no text, which the engine would know.
INLINE int is_compared(const Run *x, const Member *m) { return x->types[m->type].kind != K_SCALAR; }
// Says that the other format has nothing of a member; where, when the record has been read.
static int drops(Run *x, const Member *m) {
    if (x->o.refuse >> V_MEMBER & 1) BAD;
    u32 slot = slot_of(m->site, V_MEMBER);
    TRY(hit(x, slot));
    x->walk |= !x->told[slot];
    return 0;
}
// Whether .NET's XML has a member at its default, which its JSON leaves out.
INLINE int keeps_default(u32 flags) {
    return flags & M_KEPT && !(flags & (M_OMITS | M_XML_ONLY | M_CHAR));
}
// Whether something is lost where a member is absent in XML: JSON, which leaves it out as well, means another value.
INLINE int loses_absence(const Run *x, u32 flags) {
    if (keeps_default(flags)) return 1;
    int written = !(flags & M_SILENT) || flags & M_CHAR;        // by .NET's JSON, were the member in it
    return flags & (M_OMITS | M_XML_ONLY) && flags & M_MEANT && !(x->o.profile & SETTLED && written);
}
// Whether something is lost of a member's value that JSON leaves out: it is another than JSON means by that.
static int loses_value(const Run *x, const Member *m, u32 node) {
    int nil = (x->tape[node] & 255) == N_NIL;
    if (m->flags & M_OMITS) return nil && !(m->flags & M_MEANT);
    if (!(m->flags & M_MEANT)) return 1;
    return m->flags & M_NILLABLE ? !nil : !is_left_out(x, m, node);
}
static int xml_dropped(Run *x, const Member *m, u32 node) {
    u32 kind = x->tape[node] & 255;
    if (!loses_value(x, m, node)) return 0;
    int empty = (kind == N_TEXT || kind == N_PAIR) && !x->tape[node + 2];
    int decoded = (kind == N_TEXT || kind == N_PAIR || kind == N_NAME) && x->decoded;     // what stands first is a mark
    int placed = !empty && kind != N_NIL && kind != N_OFFSET && !decoded;
    if (m->flags & M_NO_DEFAULT || (!placed && !x->told[slot_of(m->site, V_MEMBER)])) BAD;
    return drops(x, m);
}
// Reads a value that the other format never has: nothing is written of it, and nothing else is lost.
#define READ_ALONE(went, call) do { u32 to = x->o.to; x->o.to = VERDICT; went = call; x->o.to = to; } while (0)

// A member that JSON leaves out, which means a value or nothing.
static int unsaid(Run *x, const Member *m) {
    if (x->o.to == TO_VALUES && m->flags & M_OMITS) { x->bound += m->key.len + m->json_default.len + 24; return 0; }
    if (x->o.to != TO_XML || !is_filled(x, m->flags)) return 0;
    if (m->flags & M_NO_DEFAULT) BAD;
    x->bound += m->xml_default.len + 24;
    return 0;
}
// Whether .NET leaves a member out at its default in the format that is read.
INLINE int omits_default(const Run *x, u32 flags) {
    return flags & M_SILENT && !(flags & (x->o.format == XML ? M_KEPT : M_CHAR));
}
static int absent(Run *x, const Member *m, const u8 *at) {
    if (UNLIKELY(m->flags & (M_OMITS | M_JSON_ONLY) && x->o.format == JSON)) return m->flags & M_OMITS ? unsaid(x, m) : 0;
    if (m->flags & M_REQUIRED) BAD;
    int filled = is_filled(x, m->flags);
    if (!omits_default(x, m->flags)) TRY(once(x, V_ABSENT, m->site, at, 1));
    if (UNLIKELY(keeps_default(m->flags) && x->o.format == XML && x->o.to == TO_JSON)) TRY(drops(x, m));
    if (UNLIKELY(m->flags & (M_OMITS | M_XML_ONLY) && x->o.to == TO_JSON)) return loses_absence(x, m->flags) ? drops(x, m) : 0;
    if (!filled || x->o.to == VERDICT) return 0;
    if (m->flags & M_NO_DEFAULT) BAD;
    // A decimal's default is whole: what JSON makes of it is a loss as well.
    const Type *ty = x->types + m->type;
    if (x->o.format == XML && x->o.to == TO_JSON && ty->kind == K_SCALAR && ty->datatype == D_DECIMAL
        && !(m->flags & M_NILLABLE)) BAD;
    x->bound += larger(m->xml_default.len, m->key.len + m->json_default.len) + 24;
    return 0;
}
// A member that JSON never has, or where it is not null.
static int xml_unlike(Run *x, const Member *m, Tag *t, u32 *node) {
    int went;
    if (m->flags & M_XML_ONLY) READ_ALONE(went, xml_value(x, m, t, 0, node));
    else went = xml_value(x, m, t, 0, node);
    TRY(went);
    return xml_dropped(x, m, *node);
}
static int xml_record(Run *x, const Type *ty, const Tag *t, u32 variant, u32 *node) {
    u32 n = (u32)ty->low, next = 0;
    const Member *ms = x->members + ty->first;
    TRY(record_node(x, ty->count, variant, t->q - 1, node));
    u32 self = *node;
    if (!t->empty) for (;;) {
        TRY(to_tag(x));
        if (x->p[1] == '/') { TRY(end_tag(x, t->q, t->q_len)); break; }
        Tag c;
        TRY(start_tag(x, &c));
        u32 i = next, v;
        while (i < n && !is_member(x, ms + i, &c)) i++;
        if (UNLIKELY(i >= n)) BAD;
        if (UNLIKELY(ms[i].flags & (M_XML_ONLY | M_OMITS) && x->o.to == TO_JSON)) TRY(xml_unlike(x, ms + i, &c, &v));
        else TRY(xml_value(x, ms + i, &c, 0, &v));
        if (UNLIKELY(ms[i].flags & M_KEPT && x->o.to == TO_JSON) && is_compared(x, ms + i) && may_be_default(x, ms + i, v)) BAD;
        x->tape[self + 2 + i] = v;
        next = i + 1;
    }
    for (u32 i = 0; i < n; i++) if (UNLIKELY(!x->tape[self + 2 + i])) TRY(absent(x, ms + i, t->q - 1));
    return 0;
}
static int xml_list(Run *x, const Type *ty, const Tag *t, u32 *node) {
    const Member *m = x->members + ty->first;
    TRY(list_node(x, t->q - 1, node));
    u32 self = *node, link = self + 2, index = 0;
    if (!t->empty) for (;;) {
        TRY(to_tag(x));
        if (x->p[1] == '/') { TRY(end_tag(x, t->q, t->q_len)); break; }
        Tag c;
        u32 v;
        TRY(start_tag(x, &c));
        if (!is_member(x, m, &c)) BAD;
        TRY(new_link(x, &link));
        TRY(xml_value(x, m, &c, ++index, &v));
        if (ty->kind == K_DICTIONARY && x->tape[v] != N_RECORD) BAD;
    }
    return ty->kind == K_DICTIONARY ? check_keys(x, ty, self) : 0;
}
// A DateTimeOffset's element: an instant that ends in Z, and minutes.
static int xml_offset(Run *x, const Type *ty, const Tag *t, u32 *node) {
    u32 record, minutes = 0;
    u8 text[48];
    Date d;
    TRY(xml_record(x, ty, t, 0, &record));
    const u32 *r = x->tape + record, *when = x->tape + r[2], *much = x->tape + r[3];
    if (!r[2] || !r[3] || (when[0] & 255) != N_TEXT || (much[0] & 255) != N_TEXT || when[2] >= sizeof text) BAD;
    const u8 *s = chars(x, when[0] >> 8, when[1]), *k = chars(x, much[0] >> 8, much[1]);
    u32 n = much[2], neg = n && *k == '-';
    if (n - neg > 3) BAD;
    for (u32 i = neg; i < n; i++) minutes = minutes * 10 + (u32)(k[i] - '0');
    memcpy(text, s, when[2]);
    if (minutes > 840 || read_date(text, when[2], &d) || d.about != A_UTC) BAD;
    Date local = d;
    x->tn = record;                          // the node stands where the record stood, behind its link
    i32 signed_minutes = neg ? -(i32)minutes : (i32)minutes;
    if (shift(&local, signed_minutes)) BAD;
    return offset_node(x, &local, signed_minutes, text + d.fraction, d.digits, node);
}
// The type that i:type names, among those derived from the member's own; 0 is its own.
static int xml_variant(Run *x, const Member *m, const Tag *t, u32 *variant) {
    *variant = 0;
    if (LIKELY(!t->type)) return 0;
    const u8 *colon = memchr(t->type, ':', t->type_len), *local = colon ? colon + 1 : t->type;
    u32 n = t->type_len - (u32)(local - t->type), ns = bound_to(x, t->type, colon ? (u32)(colon - t->type) : 0);
    if (colon == t->type) BAD;
    for (u32 i = 0; i < m->n_variants; i++) {
        const Variant *v = x->program->variants + m->variants + i;
        if (v->ns == ns && v->local.len == n && !memcmp(x->pool + v->local.off, local, n)) { *variant = i + 1; return 0; }
    }
    BAD;
}
// JSON does not tell some derived types; writing them is a loss, which is placed when the record has been read.
static int told_type(Run *x, const Member *m, u32 variant) {
    if (x->o.format != XML || x->o.to != TO_JSON || x->program->variants[m->variants + variant - 1].json_type.len) return 0;
    if (x->o.refuse >> V_TYPE & 1) BAD;
    u32 slot = slot_of(m->site, V_TYPE);
    TRY(hit(x, slot));
    x->walk |= !x->told[slot];
    return 0;
}
static int xml_nil(Run *x, const Member *m, const Tag *t, u32 *node) {
    if (!(m->flags & M_NILLABLE) || t->type) BAD;
    if (!t->empty) {
        if (x->end - x->p < 2) END;
        if (x->p[0] != '<' || x->p[1] != '/') BAD;
        TRY(end_tag(x, t->q, t->q_len));
    }
    return nil_node(x, node);
}
// A value that the program has no rules for: the careful lane has it, and next time perhaps a deeper program.
static int no_rules(Run *x, const Type *ty) {
    if (ty->flags & T_CUT) x->deep = 1;
    BAD;
}
static int xml_content(Run *x, const Member *m, Tag *t, u32 *node) {
    const Type *ty = x->types + m->type;
    Text v;
    u32 variant;
    switch (ty->kind) {
    case K_SCALAR:
        if (UNLIKELY(t->type)) BAD;
        TRY(xml_text(x, t, &v));
        x->decoded = (v.flags & F_SCRATCH) != 0;
        if (!t->empty) TRY(end_tag(x, t->q, t->q_len));
        if (UNLIKELY(!v.len && ty->datatype != D_STRING && v.flags & F_SCRATCH)) BAD;
        return scalar(x, ty, m, &v, node);
    case K_RECORD:
        TRY(xml_variant(x, m, t, &variant));
        if (variant) { TRY(told_type(x, m, variant)); ty = x->types + x->program->variants[m->variants + variant - 1].type; }
        if (UNLIKELY(ty->kind == K_NONE)) return no_rules(x, ty);
        return xml_record(x, ty, t, variant, node);
    case K_ARRAY: case K_DICTIONARY: if (t->type) BAD; return xml_list(x, ty, t, node);
    case K_OFFSET: if (t->type) BAD; return xml_offset(x, ty, t, node);
    default: return no_rules(x, ty);
    }
}
INLINE int enter(Run *x, const Member *m, u32 index) {
    if (UNLIKELY(x->n_path >= PATH - 2 || ++x->elements > x->o.elements)) BAD;
    x->bound += x->program->cost[m - x->members];
    x->path[x->n_path++] = (Step){m->site, index};
    return 0;
}
static int xml_value(Run *x, const Member *m, Tag *t, u32 index, u32 *node) {
    if (UNLIKELY(x->depth >= x->o.depth)) BAD;
    x->depth++;
    TRY(enter(x, m, index));
    if (t->nil) TRY(xml_nil(x, m, t, node));
    else TRY(xml_content(x, m, t, node));
    x->n_path--;
    x->depth--;
    x->n_bound = t->saved;
    x->scope = t->scope;
    return 0;
}

// ---- JSON ----------------------------------------------------------------------------------------------------------

INLINE int to_token(Run *x) {               // over white space
    const u8 *p = x->p, *e = x->end;
    if (LIKELY(p < e && *p > ' ')) return 0;
    x->p = p = over_space(p, e);
    if (p >= e) END;
    return 0;
}
static int hex4(const u8 *p) {
    int v = 0;
    for (int i = 0; i < 4; i++) {
        u8 c = p[i], low = c | 32;
        int d = is_digit(c) ? c - '0' : low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
        if (d < 0) return -1;
        v = v * 16 + d;
    }
    return v;
}
INLINE int scan_string(Run *x, u32 *flags) {        // to '"' or '\\'
    const u8 *p = x->p, *e = x->end;
    for (;;) {
        p = over_plain(p, e);
        while (p < e && !IN_JSON[*p]) p++;
        if (UNLIKELY(p >= e)) END;
        switch (IN_JSON[*p]) {
        case 1: case 2: x->p = p; return 0;
        case 5: *flags |= F_XML; p++; break;
        case 7: {
            int k = utf8(p, e, flags);
            if (k < 0) END;
            if (!k) BAD;
            p += k;
            break;
        }
        default: BAD;
        }
    }
}
static int escaped_code(Run *x, const u8 **at, u32 *code) {     // behind "\u"
    const u8 *p = *at, *e = x->end;
    if (e - p < 4) END;
    int v = hex4(p);
    if (v < 0 || (v >= 0xdc00 && v <= 0xdfff)) BAD;
    p += 4;
    *code = (u32)v;
    if (v >= 0xd800 && v <= 0xdbff) {
        if (e - p < 6) END;
        if (p[0] != '\\' || p[1] != 'u') BAD;
        int w = hex4(p + 2);
        if (w < 0xdc00 || w > 0xdfff) BAD;
        p += 6;
        *code = 0x10000 + (((u32)v - 0xd800) << 10) + ((u32)w - 0xdc00);
    }
    *at = p;
    return 0;
}
static int escape(Run *x, u32 *code) {      // at '\\'
    static const char LETTERS[] = "bfnrt\"\\/", MEANT[] = "\b\f\n\r\t\"\\/";
    const u8 *p = x->p, *e = x->end;
    if (e - p < 2) END;
    u8 c = p[1];
    p += 2;
    if (c == 'u') TRY(escaped_code(x, &p, code));
    else {
        const char *found = c ? strchr(LETTERS, c) : NULL;
        if (!found) BAD;
        *code = (u8)MEANT[found - LETTERS];
    }
    x->p = p;
    return 0;
}
static int string_slow(Run *x, const u8 *s, Text *v) {
    size_t start = x->sn;
    for (;;) {
        size_t n = (size_t)(x->p - s);
        TRY(need_scratch(x, n + 8));
        if (n) memcpy(x->scratch + x->sn, s, n);
        x->sn += n;
        if (*x->p == '"') break;
        u32 code, ignored = 0;
        TRY(escape(x, &code));
        x->sn += put_utf8(x->scratch + x->sn, code);
        s = x->p;
        TRY(scan_string(x, &ignored));
    }
    v->off = (u32)start; v->len = (u32)(x->sn - start);
    v->flags = escapes_of(x->scratch + start, v->len) | F_SCRATCH;
    return 0;
}
static int string(Run *x, Text *v) {        // at '"'; to behind the string
    const u8 *s = ++x->p;
    *v = (Text){(u32)(s - x->base), 0, 0, (u32)(s - 1 - x->base), 0};
    TRY(scan_string(x, &v->flags));
    v->len = (u32)(x->p - s);
    if (UNLIKELY(*x->p != '"')) TRY(string_slow(x, s, v));
    v->src_len = (u32)(++x->p - s) + 1;
    return 0;
}
INLINE int bare(Run *x, Text *v) {          // a number or a word, up to what cannot be part of it
    const u8 *s = x->p, *p = s, *e = x->end;
    while (p < e && (is_digit(*p) || *p == '-' || *p == '.' || *p == '+' || ((*p | 32) >= 'a' && (*p | 32) <= 'z'))) p++;
    if (UNLIKELY(p >= e)) { if (!x->final) END; }
    else if (!(is_space(*p) || *p == ',' || *p == ']' || *p == '}')) BAD;
    if (p - s > 200) BAD;
    *v = (Text){(u32)(s - x->base), (u32)(p - s), 0, (u32)(s - x->base), (u32)(p - s)};
    x->p = p;
    return 0;
}
static int json_value(Run *x, const Member *m, u32 index, u32 *node);

// Goes over the comma before the next member or item; `closed` where the container ends instead.
INLINE int next_part(Run *x, u8 bracket, int first, int *closed) {
    TRY(to_token(x));
    *closed = *x->p == bracket;
    if (*closed) { x->p++; return 0; }
    if (first) return 0;
    if (UNLIKELY(*x->p != ',')) BAD;
    x->p++;
    return to_token(x);
}
INLINE int colon(Run *x) {
    TRY(to_token(x));
    if (UNLIKELY(*x->p != ':')) BAD;
    x->p++;
    return to_token(x);
}
static int json_scalar(Run *x, const Type *ty, const Member *m, u32 *node) {
    Text v;
    u32 d = ty->datatype;
    const u8 *s = x->p;
    int quoted = *s == '"';
    if (d == D_ENUMERATION || d == D_FLAGS) {
        if (!quoted) {
            TRY(bare(x, &v));
            return d == D_FLAGS ? flags_number(x, ty, s, v.len, v.src, node) : enumeration(x, ty, s, v.len, 1, v.src, node);
        }
        TRY(string(x, &v));
        if (d == D_ENUMERATION) {
            if (v.flags & F_SCRATCH) BAD;
            return enumeration(x, ty, s, v.src_len, 1, v.src, node);
        }
        if (!(ty->flags & 1) || !v.len) BAD;
        return flags_text(x, ty, text_of(x, &v), v.len, ", ", v.src, node);
    }
    int number = d == D_INTEGER || d == D_BOOLEAN || d == D_DECIMAL || d == D_DOUBLE || d == D_FLOAT;
    if (number && quoted && (d == D_DOUBLE || d == D_FLOAT)) {
        TRY(string(x, &v));
        return number_word(x, s, v.src_len, v.src, node);
    }
    if (number == quoted) BAD;
    if (number) TRY(bare(x, &v));
    else TRY(string(x, &v));
    return scalar(x, ty, m, &v, node);
}
// The index of the member whose name stands at x->p, which goes behind it. `k` is where JSON's order goes on.
static int json_name(Run *x, const Type *ty, u32 *k, u32 *index) {
    const Member *ms = x->members + ty->first;
    const u32 *order = x->program->orders + ty->order;
    u32 n = ty->count;
    const u8 *p = x->p;
    if (LIKELY(*k < ty->high)) {
        Str key = ms[order[*k]].key;        // ,"Name":
        size_t len = key.len - 2;
        if (LIKELY((size_t)(x->end - p) > len && !memcmp(p, x->pool + key.off + 1, len))) {
            *index = order[(*k)++];
            x->p = p + len;
            return 0;
        }
    }
    Text v;
    if (*p != '"') BAD;
    size_t scratch = x->sn;
    TRY(string(x, &v));
    const u8 *s = text_of(x, &v);
    u32 i = 0;
    while (i < n && (ms[i].json_name.len != v.len || memcmp(x->pool + ms[i].json_name.off, s, v.len)
                     || ms[i].flags & M_XML_ONLY)) i++;
    x->sn = scratch;
    if (i == n) BAD;
    for (*k = 0; order[*k] != i; ++*k) {}
    ++*k;
    *index = i;
    return 0;
}
// "$type" as the first member: which of the derived types it names; 0 where there is none.
static int json_variant(Run *x, const Member *m, u32 *variant, int *first) {
    *variant = 0;
    if (LIKELY(!m->n_variants)) return 0;
    const u8 *saved = x->p;
    size_t scratch = x->sn;
    TRY(to_token(x));
    if (*x->p != '"') { x->p = saved; return 0; }
    Text v;
    TRY(string(x, &v));
    if (!is(text_of(x, &v), v.len, "$type")) { x->p = saved; x->sn = scratch; return 0; }
    TRY(colon(x));
    if (*x->p != '"') BAD;
    TRY(string(x, &v));
    for (u32 i = 0; i < m->n_variants; i++) {
        Str name = x->program->variants[m->variants + i].type_name;
        if (!name.len || name.len != v.len || memcmp(x->pool + name.off, text_of(x, &v), v.len)) continue;
        *variant = i + 1;
        *first = 0;
        x->sn = scratch;
        return 0;
    }
    BAD;
}
static int json_record(Run *x, const Type *ty, const Member *m, u32 *node) {
    const u8 *at = x->p++;
    u32 variant, k = 0;
    int first = 1, closed;
    TRY(json_variant(x, m, &variant, &first));
    if (variant) ty = x->types + x->program->variants[m->variants + variant - 1].type;
    if (UNLIKELY(ty->kind == K_NONE)) return no_rules(x, ty);
    const Member *ms = x->members + ty->first;
    u32 n = ty->count, self;
    TRY(record_node(x, n, variant, at, node));
    for (self = *node;; first = 0) {
        u32 i, v;
        TRY(next_part(x, '}', first, &closed));
        if (closed) break;
        TRY(json_name(x, ty, &k, &i));
        if (UNLIKELY(x->tape[self + 2 + i])) BAD;
        TRY(colon(x));
        if (UNLIKELY(ms[i].flags & M_JSON_ONLY && x->o.to == TO_XML)) {
            int went;
            READ_ALONE(went, json_value(x, ms + i, 0, &v));
            TRY(went);
            TRY(drops(x, ms + i));
        } else TRY(json_value(x, ms + i, 0, &v));
        if (UNLIKELY((ms[i].flags & (M_KEPT | M_CHAR)) == M_KEPT) && may_be_default(x, ms + i, v)) BAD;    // not left out
        x->tape[self + 2 + i] = v;
    }
    const u32 *order = x->program->orders + ty->order;
    u32 said = (u32)ty->high;
    for (u32 i = 0; i < said; i++) if (UNLIKELY(!x->tape[self + 2 + order[i]])) TRY(absent(x, ms + order[i], at));
    for (u32 i = said; i < n; i++) TRY(unsaid(x, ms + order[i]));
    return 0;
}
static int json_dictionary(Run *x, const Type *ty, u32 *node) {
    const Member *entry = x->members + ty->first, *key = x->members + x->types[entry->type].first;
    const u8 *at = x->p++;
    TRY(list_node(x, at, node));
    u32 self = *node, link = self + 2;
    int closed;
    for (int first = 1;; first = 0) {
        Text v;
        u32 k, value, pair;
        TRY(next_part(x, '}', first, &closed));
        if (closed) break;
        if (*x->p != '"') BAD;
        u32 from = (u32)(x->p - x->base);
        TRY(enter(x, entry, from));          // an entry's step is the place of its key
        TRY(string(x, &v));
        if (UNLIKELY(v.len && *text_of(x, &v) == '$')) BAD;        // may be one of Json.NET's own
        TRY(key_text(x, x->types + key->type, key, &v, &k));
        TRY(colon(x));
        TRY(new_link(x, &link));
        TRY(record_node(x, 2, 0, x->base + from, &pair));
        x->bound += x->program->cost[key - x->members] + (size_t)v.len * 6;
        TRY(json_value(x, key + 1, 0, &value));
        x->tape[pair + 2] = k; x->tape[pair + 3] = value;
        x->n_path--;
    }
    return check_keys(x, ty, self);
}
static int json_array(Run *x, const Type *ty, u32 *node) {
    const Member *item = x->members + ty->first;
    const u8 *at = x->p++;
    TRY(list_node(x, at, node));
    u32 link = *node + 2, index = 0;
    int closed;
    for (int first = 1;; first = 0) {
        u32 v;
        TRY(next_part(x, ']', first, &closed));
        if (closed) return 0;
        TRY(new_link(x, &link));
        TRY(json_value(x, item, index++, &v));
    }
}
static int json_null(Run *x, const Member *m, u32 *node) {
    Text v;
    TRY(bare(x, &v));
    if (!is(x->base + v.off, v.len, "null") || !(m->flags & M_NILLABLE) || m->flags & M_OMITS) BAD;
    return nil_node(x, node);
}
static int json_container(Run *x, const Type *ty, const Member *m, u32 *node) {
    if (UNLIKELY(x->depth >= x->o.depth)) BAD;
    if (*x->p != (ty->kind == K_ARRAY ? '[' : '{')) BAD;
    x->depth++;
    if (ty->kind == K_RECORD) TRY(json_record(x, ty, m, node));
    else if (ty->kind == K_ARRAY) TRY(json_array(x, ty, node));
    else TRY(json_dictionary(x, ty, node));
    x->depth--;
    return 0;
}
static int json_value(Run *x, const Member *m, u32 index, u32 *node) {     // at the value's first byte
    const Type *ty = x->types + m->type;
    TRY(enter(x, m, index));
    if (*x->p == 'n') TRY(json_null(x, m, node));
    else if (ty->kind == K_SCALAR) TRY(json_scalar(x, ty, m, node));
    else if (ty->kind == K_OFFSET) {
        Text v;
        if (*x->p != '"') BAD;
        TRY(string(x, &v));
        TRY(json_offset(x, &v, node));
    } else if (ty->kind == K_NONE) return no_rules(x, ty);
    else TRY(json_container(x, ty, m, node));
    x->n_path--;
    return 0;
}

// ---- places of losses ----------------------------------------------------------------------------------------------

// What a value loses is told in the order in which it is written in JSON: the tape is walked in that order, where a
// member loses something for the first time.
static int first_loss(Run *x, u32 kind, u32 site, u32 at, u32 variant) {
    u32 slot = slot_of(site, kind);
    if (x->told[slot]) return 0;
    x->told[slot] = 2;
    return add_event(x, kind, site, x->base + at, variant);
}
static u32 source_of(const Run *x, u32 node) {      // of a value that has a place
    const u32 *t = x->tape + node;
    switch (t[0] & 255) {
    case N_TEXT: return t[3];
    case N_PAIR: return t[5];
    case N_NAME: return t[2];
    default: return t[1];
    }
}
// Whether the other format has nothing of a member, and whether that is a loss.
static int leaves_out(const Run *x, const Member *m, u32 node) {
    if (x->o.format == JSON) return (m->flags & M_JSON_ONLY) != 0;
    if (!node && keeps_default(m->flags)) return 1;
    return m->flags & M_XML_ONLY || (m->flags & M_OMITS && (!node || (x->tape[node] & 255) == N_NIL));
}
static int loses_member(const Run *x, const Member *m, u32 node) {
    if (x->o.format == JSON) return node != 0;
    return node ? loses_value(x, m, node) : loses_absence(x, m->flags);
}
static int first_member(Run *x, const Member *m, u32 node, u32 record) {
    x->path[x->n_path++] = (Step){m->site, 0};
    TRY(first_loss(x, V_MEMBER, m->site, node && x->o.format == XML ? source_of(x, node) : record, node != 0));
    x->n_path--;
    return 0;
}
static int walk(Run *x, const Member *m, u32 index, u32 node) {
    const u32 *t = x->tape + node;
    const Type *ty = x->types + m->type;
    u32 kind = t[0] & 255;
    if (kind != N_TEXT && kind != N_RECORD && kind != N_LIST) return 0;
    x->path[x->n_path++] = (Step){m->site, index};
    if (kind == N_TEXT) { if (t[0] >> 8 & F_SCALE) TRY(first_loss(x, V_SCALE, m->site, t[3], 0)); }
    else if (kind == N_RECORD) {
        u32 variant = t[0] >> 8;
        if (variant) {
            const Variant *v = x->program->variants + m->variants + variant - 1;
            if (!v->json_type.len) TRY(first_loss(x, V_TYPE, m->site, t[1], variant));
            ty = x->types + v->type;
        }
        const u32 *order = x->program->orders + ty->order;
        for (u32 k = 0; k < ty->count; k++) {
            const Member *c = x->members + ty->first + order[k];
            u32 v = t[2 + order[k]];
            if (UNLIKELY(c->flags & (M_XML_ONLY | M_JSON_ONLY | M_OMITS | M_KEPT)) && leaves_out(x, c, v)) {
                if (loses_member(x, c, v)) TRY(first_member(x, c, v, t[1]));
            } else if (v) TRY(walk(x, c, 0, v));
        }
    } else {
        // A dictionary's entry is told by the place of its key.
        int keys = ty->kind == K_DICTIONARY;
        u32 i = 0;
        for (u32 v = t[2]; v; v = x->tape[v - 1]) TRY(walk(x, x->members + ty->first, keys ? source_of(x, x->tape[v + 2]) : i++, v));
    }
    x->n_path--;
    return 0;
}

// ---- writing: the bound added up while reading says that there is room, and SLACK bytes to spare ----------------------

INLINE u8 *put(u8 *o, const u8 *s, size_t n) {     // from the pool, of which 16 bytes more may be read
#ifdef SIMD
    for (size_t i = 0;; i += 16) {
        _mm_storeu_si128((__m128i *)(void *)(o + i), _mm_loadu_si128((const __m128i *)(const void *)(s + i)));
        if (i + 16 >= n) break;
    }
#else
    memcpy(o, s, n);
#endif
    return o + n;
}
INLINE u8 *put_str(const Run *x, u8 *o, Str s) { return put(o, x->pool + s.off, s.len); }
INLINE u8 *put_chars(u8 *o, const u8 *s, size_t n, const u8 *e) {
    if (LIKELY((size_t)(e - s) >= n + 16)) return put(o, s, n);
    if (n) memcpy(o, s, n);
    return o + n;
}
static const char HEX[] = "0123456789abcdef", HEX_XML[] = "0123456789ABCDEF";

static u8 *put_control(u8 *o, u8 c) {       // in JSON
    static const char LETTER[32] = {[8] = 'b', [9] = 't', [10] = 'n', [12] = 'f', [13] = 'r'};
    *o++ = '\\';
    if (LETTER[c]) { *o++ = (u8)LETTER[c]; return o; }
    memcpy(o, "u00", 3);
    o[3] = (u8)HEX[c >> 4]; o[4] = (u8)HEX[c & 15];
    return o + 5;
}
static u8 *json_escaped(u8 *o, const u8 *s, size_t n) {
    const u8 *e = s + n;
    while (s < e) {
        u8 c = *s;
        if (c < 0x20) { o = put_control(o, c); s++; }
        else if (c == '"' || c == '\\') { *o++ = '\\'; *o++ = c; s++; }
        else if (c == 0xC2 && s[1] == 0x85) { memcpy(o, "\\u0085", 6); o += 6; s += 2; }
        else if (c == 0xE2 && s[1] == 0x80 && (s[2] == 0xA8 || s[2] == 0xA9)) {
            memcpy(o, "\\u202", 5); o[5] = s[2] == 0xA8 ? '8' : '9';
            o += 6; s += 3;
        } else { *o++ = c; s++; }
    }
    return o;
}
static u8 *json_quoted(u8 *o, const u8 *s, size_t n) {
    *o++ = '"';
    o = json_escaped(o, s, n);
    *o++ = '"';
    return o;
}
static u8 *xml_escaped(u8 *o, const u8 *s, size_t n) {
    const u8 *e = s + n;
    while (s < e) {
        u8 c = *s;
        if (c == '&') { memcpy(o, "&amp;", 5); o += 5; s++; }
        else if (c == '<') { memcpy(o, "&lt;", 4); o += 4; s++; }
        else if (c == '>') { memcpy(o, "&gt;", 4); o += 4; s++; }
        else if (c < 0x20 && c != '\t' && c != '\n') {
            memcpy(o, "&#x", 3); o += 3;
            if (c >> 4) *o++ = (u8)HEX_XML[c >> 4];
            *o++ = (u8)HEX_XML[c & 15]; *o++ = ';'; s++;
        } else if (c == 0xEF && s[1] == 0xBF && s[2] >= 0xBE) {
            memcpy(o, "&#xFFF", 6); o[6] = s[2] == 0xBE ? 'E' : 'F'; o[7] = ';';
            o += 8; s += 3;
        } else { *o++ = c; s++; }
    }
    return o;
}
INLINE const u8 *end_of(const Run *x, u32 flags) { return flags & F_SCRATCH ? x->scratch + x->scratch_cap : x->end; }

static u8 *json_key(const Run *x, u8 *o, u32 datatype, const u32 *k) {
    *o++ = '"';
    switch (k[0] & 255) {
    case N_TEXT: {
        const u8 *s = chars(x, k[0] >> 8, k[1]);
        if (datatype == D_BOOLEAN) { const char *w = *s == 't' ? "True" : "False"; memcpy(o, w, strlen(w)); o += strlen(w); }
        else o = json_escaped(o, s, k[2]);
        break;
    }
    case N_PAIR: o = json_escaped(o, x->scratch + k[3], k[4]); break;
    default: {
        const Name *q = x->program->names + k[1];
        int word = datatype == D_DOUBLE || datatype == D_FLOAT;        // the quotes are its own
        Str w = word ? (Str){q->json.off + 1, q->json.len - 2} : q->xml;
        o = json_escaped(o, x->pool + w.off, w.len);
    }
    }
    *o++ = '"'; *o++ = ':';
    return o;
}
// Whether a simple value is the default that JSON leaves out.
static int is_left_out(const Run *x, const Member *m, u32 node) {
    u32 n;
    const u8 *s = key_of(x, node, &n);
    return s && n == m->left_out.len && !memcmp(s, x->pool + m->left_out.off, n);
}
static u8 *write_json(const Run *x, u8 *o, const Member *m, u32 node);

static u8 *json_object(const Run *x, u8 *o, const Member *m, const u32 *t) {
    const Type *ty = x->types + m->type;
    u32 variant = t[0] >> 8, skip = 1;
    *o++ = '{';
    if (UNLIKELY(variant)) {
        const Variant *v = x->program->variants + m->variants + variant - 1;
        ty = x->types + v->type;
        if (v->json_type.len) { o = put_str(x, o, v->json_type); skip = 0; }
    }
    const Member *ms = x->members + ty->first;
    const u32 *order = x->program->orders + ty->order;
    for (u32 k = 0; k < ty->high; k++) {
        u32 i = order[k], v = t[2 + i];
        u32 flags = ms[i].flags;
        int fill = !v && x->o.profile & SETTLED && (flags & M_SILENT ? flags & M_CHAR : !(flags & (M_OMITS | M_JSON_ONLY)));
        if (UNLIKELY(flags & M_OMITS)) {
            if (x->o.to != TO_VALUES) { if (v && (x->tape[v] & 255) == N_NIL) continue; }
            else if (!v) fill = x->o.format == JSON && flags & M_MEANT;
        }
        if (UNLIKELY((!v && !fill) || (v && flags & M_KEPT && !(flags & M_CHAR) && is_left_out(x, ms + i, v)))) continue;
        o = put(o, x->pool + ms[i].key.off + skip, ms[i].key.len - skip);
        skip = 0;
        o = fill ? put_str(x, o, ms[i].json_default) : write_json(x, o, ms + i, v);
    }
    *o++ = '}';
    return o;
}
static u8 *json_list(const Run *x, u8 *o, const Type *ty, const u32 *t) {
    const Member *item = x->members + ty->first;
    int object = ty->kind == K_DICTIONARY;
    const Member *key = object ? x->members + x->types[item->type].first : item;
    *o++ = object ? '{' : '[';
    for (u32 v = t[2]; v; v = x->tape[v - 1]) {
        if (object) {
            o = json_key(x, o, x->types[key->type].datatype, x->tape + x->tape[v + 2]);
            o = write_json(x, o, key + 1, x->tape[v + 3]);
        } else o = write_json(x, o, item, v);
        if (x->tape[v - 1]) *o++ = ',';
    }
    *o++ = object ? '}' : ']';
    return o;
}
static u8 *write_json(const Run *x, u8 *o, const Member *m, u32 node) {
    const u32 *t = x->tape + node;
    const Type *ty = x->types + m->type;
    u32 flags = t[0] >> 8;
    switch (t[0] & 255) {
    case N_NIL: memcpy(o, "null", 4); return o + 4;
    case N_TEXT: {
        u32 d = ty->datatype;
        const u8 *s = chars(x, flags, t[1]);
        int quoted = !(d == D_INTEGER || d == D_BOOLEAN || d == D_DECIMAL || d == D_DOUBLE || d == D_FLOAT);
        if (quoted) *o++ = '"';
        o = UNLIKELY(flags & F_JSON) ? json_escaped(o, s, t[2]) : put_chars(o, s, t[2], end_of(x, flags));
        if (quoted) *o++ = '"';
        if (flags & F_WHOLE && !(x->o.to == TO_VALUES && d == D_DECIMAL)) { *o++ = '.'; *o++ = '0'; }
        return o;
    }
    case N_PAIR:
        if (x->o.to == TO_VALUES && ty->datatype != D_CHAR) return json_quoted(o, x->scratch + t[1], t[2]);
        if (flags & F_QUOTED) *o++ = '"';
        o = json_escaped(o, x->scratch + t[3], t[4]);
        if (flags & F_QUOTED) *o++ = '"';
        return o;
    case N_OFFSET:
        *o++ = '"'; memcpy(o, x->scratch + t[1], t[2]); o += t[2]; *o++ = '"';
        return o;
    case N_NAME: {
        const Name *q = x->program->names + t[1];
        return x->o.to == TO_VALUES ? json_quoted(o, x->pool + q->xml.off, q->xml.len) : put_str(x, o, q->json);
    }
    case N_RECORD: return json_object(x, o, m, t);
    default: return json_list(x, o, ty, t);
    }
}
static u8 *write_xml(const Run *x, u8 *o, const Member *m, u32 node);

static u8 *xml_members(const Run *x, u8 *o, const Type *ty, const u32 *t) {
    const Member *ms = x->members + ty->first;
    for (u32 i = 0; i < ty->low; i++) {
        if (LIKELY(t[2 + i])) o = write_xml(x, o, ms + i, t[2 + i]);
        else if (is_filled(x, ms[i].flags)) o = put_str(x, o, ms[i].xml_default);
    }
    return o;
}
static u8 *xml_element(const Run *x, u8 *o, const Member *m, const u32 *t) {    // a record's
    const Type *ty = x->types + m->type;
    Str open = m->open, close = m->close, empty = m->empty;
    u32 variant = t[0] >> 8;
    if (UNLIKELY(variant)) {
        const Variant *v = x->program->variants + m->variants + variant - 1;
        open = v->open; close = v->close; empty = v->empty;
        ty = x->types + v->type;
    }
    u8 *begin = o, *content = put_str(x, o, open);
    o = xml_members(x, content, ty, t);
    return o == content ? put_str(x, begin, empty) : put_str(x, o, close);
}
static u8 *xml_moment(const Run *x, u8 *o, const Member *m, const u32 *t) {     // a DateTimeOffset
    const Member *ms = x->members + x->types[m->type].first;
    o = put_str(x, o, m->open);
    o = put_str(x, o, ms[0].open); memcpy(o, x->scratch + t[3], t[4]); o = put_str(x, o + t[4], ms[0].close);
    o = put_str(x, o, ms[1].open); memcpy(o, x->scratch + t[5], t[6]); o = put_str(x, o + t[6], ms[1].close);
    return put_str(x, o, m->close);
}
static u8 *write_xml(const Run *x, u8 *o, const Member *m, u32 node) {
    const u32 *t = x->tape + node;
    u32 flags = t[0] >> 8;
    switch (t[0] & 255) {
    case N_NIL: return put_str(x, o, m->nil);
    case N_TEXT: {
        const u8 *s = chars(x, flags, t[1]);
        if (UNLIKELY(!t[2] && x->types[m->type].datatype == D_BASE64)) return put_str(x, o, m->empty);
        o = put_str(x, o, m->open);
        o = UNLIKELY(flags & F_XML) ? xml_escaped(o, s, t[2]) : put_chars(o, s, t[2], end_of(x, flags));
        return put_str(x, o, m->close);
    }
    case N_PAIR:
        if (UNLIKELY(!t[2])) return put_str(x, o, m->empty);      // flags, none of them
        o = put_str(x, o, m->open);
        o = xml_escaped(o, x->scratch + t[1], t[2]);
        return put_str(x, o, m->close);
    case N_NAME: {
        Str w = x->program->names[t[1]].xml;
        o = put_str(x, o, m->open);
        o = xml_escaped(o, x->pool + w.off, w.len);
        return put_str(x, o, m->close);
    }
    case N_RECORD: return xml_element(x, o, m, t);
    case N_OFFSET: return xml_moment(x, o, m, t);
    default:
        if (!t[2]) return put_str(x, o, m->empty);
        o = put_str(x, o, m->open);
        for (u32 v = t[2]; v; v = x->tape[v - 1]) o = write_xml(x, o, x->members + x->types[m->type].first, v);
        return put_str(x, o, m->close);
    }
}

// ---- documents -----------------------------------------------------------------------------------------------------

typedef struct { Run *x; const u8 *data, *mark; u8 *o, *begin, *end; size_t need; } Pass;

// Writes a record that has been read, where there is room, and keeps what it has found.
static int finish(Pass *w, const Member *m, u32 node, int comma) {
    Run *x = w->x;
    if (x->walk) { x->n_path = x->program->h.list && x->phase != P_HEAD ? 1 : 0; TRY(walk(x, m, x->n_path ? (u32)x->seen : 0, node)); }
    if (x->o.to != VERDICT) {
        size_t room = (size_t)(w->end - w->o);
        if (room < x->bound + SLACK + 2) { w->need = x->bound + SLACK + 2; return 1; }
        if (comma && x->o.to != TO_XML && !(x->o.lines & LINES_OUT)) *w->o++ = ',';
        w->o = x->o.to == TO_XML ? write_xml(x, w->o, m, node) : write_json(x, w->o, m, node);
        if (x->o.lines & LINES_OUT) *w->o++ = '\n';
    }
    commit(x);
    w->mark = x->p;
    return 0;
}
// What stands before a record is read with it; but of any size, so that much of it is let go of when the bytes end in it.
static int in_gap(Pass *w, u32 phase) {
    Run *x = w->x;
    if (x->error == E_END && !x->final && (size_t)(x->p - w->mark) > GAP) { commit(x); w->mark = x->p; x->phase = phase; }
    return -1;
}
static int encoding_ok(const Run *x, const u8 *v, size_t n) {
    const char *name = x->o.charset == CHARSET_UTF16 ? "UTF-16" : "UTF-8";
    if (x->o.charset == CHARSET_ANY) {
        for (size_t i = 0; i < n; i++) if (!(IN_NAME[v[i]] & (i ? 2 : 1)) || v[i] == '_') return 0;
        return 1;
    }
    if (n != strlen(name)) return 0;
    for (size_t i = 0; i < n; i++) {
        u8 c = v[i] >= 'a' && v[i] <= 'z' ? (u8)(v[i] - 32) : v[i];
        if (c != (u8)name[i]) return 0;
    }
    return 1;
}
// An XML declaration: version, perhaps encoding, perhaps standalone.
static int declaration(Run *x) {
    const u8 *p = x->p, *e = x->end, *close = p;
    for (int i = 0; i < 5; i++) { if (p + i >= e) END; if (p[i] != (u8)"<?xml"[i]) return 0; }
    if (e - p < 6) END;
    if (!is_space(p[5])) return 0;
    while (close + 1 < e && close - p < 400 && !(close[0] == '?' && close[1] == '>')) close++;
    if (close + 1 >= e) END;
    if (close[0] != '?') BAD;
    int step = 0;
    for (p += 5;;) {
        const u8 *b = p;
        p = over_space(p, close);
        if (p == close) break;
        if (p == b) BAD;
        const u8 *n = p;
        while (p < close && *p >= 'a' && *p <= 'z') p++;
        size_t nn = (size_t)(p - n);
        p = over_space(p, close);
        if (p >= close || *p++ != '=') BAD;
        p = over_space(p, close);
        if (p >= close || (*p != '"' && *p != '\'')) BAD;
        u8 quote = *p++;
        const u8 *v = p;
        while (p < close && *p != quote) { if (*p >= 128 || *p == '"' || *p == '\'') BAD; p++; }
        if (p >= close) BAD;
        size_t vn = (size_t)(p++ - v);
        if (step == 0 && is(n, nn, "version") && is(v, vn, "1.0")) step = 1;
        else if (step == 1 && is(n, nn, "encoding") && vn && encoding_ok(x, v, vn)) step = 2;
        else if ((step == 1 || step == 2) && is(n, nn, "standalone") && (is(v, vn, "yes") || is(v, vn, "no"))) step = 3;
        else BAD;
    }
    if (!step) BAD;
    x->p = close + 2;
    return 0;
}
// The root's declarations and its name outlive the bytes that they came in.
static int keep_root(Run *x, const Tag *t) {
    if (t->q_len > sizeof x->root_name) BAD;
    memcpy(x->root_name, t->q, t->q_len);
    x->root_name_len = t->q_len;
    x->stored = 0;
    for (u32 i = 0; i < x->n_bound; i++) {
        Binding *b = x->bound_to + i;
        if (x->stored + b->n > sizeof x->store) BAD;
        memcpy(x->store + x->stored, b->p, b->n);
        b->p = x->store + x->stored;
        x->stored += b->n;
    }
    x->root_bound = x->n_bound;
    x->root_scope = x->scope;
    return 0;
}
static int xml_head(Pass *w) {
    Run *x = w->x;
    const Member *root = x->members + x->program->h.root;
    Tag t;
    u32 node;
    begin(x);
    x->n_bound = 0;
    TRY(declaration(x));
    TRY(to_tag(x));
    if (x->p[1] == '/') BAD;
    x->root_at = (u64)(x->p - w->data);
    TRY(start_tag(x, &t));
    x->root_end = (u64)(x->p - w->data);
    if (!is_member(x, root, &t)) BAD;
    if (x->program->h.list && !t.nil && !t.empty) {
        if (t.type) BAD;
        TRY(keep_root(x, &t));
        commit(x);
        w->mark = x->p;
        x->phase = P_BEFORE;
        return 0;
    }
    x->nil = t.nil;
    if (x->program->h.list) {                     // null or empty: there is nothing to write here
        if (t.type) BAD;
        TRY(xml_value(x, root, &t, 0, &node));
        commit(x);
        w->mark = x->p;
    } else {
        TRY(xml_value(x, root, &t, 0, &node));
        int went = finish(w, root, node, 0);
        if (went) return went;
        x->seen = 1;
    }
    x->phase = P_TAIL;
    return 0;
}
static int xml_records(Pass *w) {
    Run *x = w->x;
    const Member *item = x->members + x->types[x->members[x->program->h.root].type].first;
    for (;;) {
        Tag t;
        u32 node;
        begin(x);
        x->n_bound = x->root_bound;
        x->scope = x->root_scope;
        if (to_tag(x)) return in_gap(w, P_BEFORE);
        if (x->p[1] == '/') {
            TRY(end_tag(x, x->root_name, x->root_name_len));
            for (size_t i = x->done_events; i < x->n_events; i++) x->events[i].record = NO_RECORD;
            commit(x);
            w->mark = x->p;
            x->phase = P_TAIL;
            return 0;
        }
        TRY(start_tag(x, &t));
        if (UNLIKELY(!is_member(x, item, &t))) BAD;
        TRY(xml_value(x, item, &t, (u32)x->seen + 1, &node));
        int went = finish(w, item, node, w->o > w->begin);
        if (went) return went;
        x->seen++;
    }
}
static int xml_tail(Pass *w) {              // behind the root: white space and comments
    Run *x = w->x;
    for (;;) {
        begin(x);
        x->p = over_space(x->p, x->end);
        w->mark = x->p;
        if (x->p >= x->end) return 0;
        if (x->p[0] != '<' || (x->end - x->p >= 2 && x->p[1] != '!')) BAD;
        if (x->end - x->p < 2) END;
        TRY(comment(x));
        commit(x);
        w->mark = x->p;
    }
}
static int json_head(Pass *w) {
    Run *x = w->x;
    const Member *root = x->members + x->program->h.root;
    u32 node;
    begin(x);
    TRY(to_token(x));
    if (x->program->h.list && *x->p == '[') {
        if (x->o.depth < 1) BAD;
        x->p++;
        w->mark = x->p;
        x->phase = P_BEFORE;
        return 0;
    }
    x->nil = *x->p == 'n';
    TRY(json_value(x, root, 0, &node));
    if (x->program->h.list) { commit(x); w->mark = x->p; }
    else {
        int went = finish(w, root, node, 0);
        if (went) return went;
        x->seen = 1;
    }
    x->phase = P_TAIL;
    return 0;
}
static int json_records(Pass *w) {
    Run *x = w->x;
    const Member *item = x->members + x->types[x->members[x->program->h.root].type].first;
    for (;;) {
        u32 node;
        begin(x);
        if (to_token(x)) return x->phase == P_BEHIND ? -1 : in_gap(w, x->phase);
        if (x->phase == P_BEHIND) {
            if (*x->p == ']') { w->mark = ++x->p; x->phase = P_TAIL; return 0; }
            if (*x->p != ',') BAD;
            x->p++;
            if (to_token(x)) return in_gap(w, P_COMMA);
            if (*x->p == ']' || *x->p == '/') BAD;      // behind a comment there may be the bracket
            w->mark = x->p;
            x->phase = P_BEFORE;
        } else if (x->phase == P_COMMA) {
            if (*x->p == ']' || *x->p == '/') BAD;
            w->mark = x->p;
            x->phase = P_BEFORE;
        } else if (*x->p == ']') {
            if (x->seen) BAD;
            w->mark = ++x->p;
            x->phase = P_TAIL;
            return 0;
        }
        TRY(json_value(x, item, (u32)x->seen, &node));
        TRY(to_token(x));                   // what stands behind a record belongs to it, up to the comma
        if (UNLIKELY(*x->p != ',' && *x->p != ']')) BAD;
        int went = finish(w, item, node, w->o > w->begin);
        if (went) return went;
        x->seen++;
        x->phase = P_BEHIND;
    }
}
static int json_lines(Pass *w) {            // a record in each line
    Run *x = w->x;
    const u8 *all = x->end;
    const Member *item = x->members + x->types[x->members[x->program->h.root].type].first;
    x->phase = P_BEFORE;
    for (;;) {
        u32 node;
        const u8 *line = memchr(x->p, '\n', (size_t)(all - x->p));
        if (!line && !x->final) { x->error = E_END; return -1; }
        begin(x);
        const u8 *stop = line ? line : all;
        x->end = stop;
        x->p = over_space(x->p, stop);
        if (x->p < stop) {
            int final = x->final, went;
            x->final = 1;
            went = json_value(x, item, (u32)x->seen, &node);
            x->final = final;
            if (went) { x->error = E_BAD; return -1; }
            x->p = over_space(x->p, stop);
            if (x->p < stop) BAD;
            went = finish(w, item, node, w->o > w->begin);
            if (went) return went;
            x->seen++;
        }
        x->end = all;
        x->p = line ? line + 1 : all;
        w->mark = x->p;
        if (!line) { x->phase = P_TAIL; return 0; }
    }
}
static int json_tail(Pass *w) {
    Run *x = w->x;
    x->p = over_space(x->p, x->end);
    w->mark = x->p;
    if (x->p < x->end) BAD;
    return 0;
}
static int pass_on(Pass *w) {
    Run *x = w->x;
    int xml = x->o.format == XML, went;
    if (x->phase == P_HEAD) {
        if (x->o.lines & LINES_IN) return json_lines(w);
        if ((went = xml ? xml_head(w) : json_head(w))) return went;
    }
    if (x->phase == P_BEFORE || x->phase == P_BEHIND || x->phase == P_COMMA) {
        if ((went = x->o.lines & LINES_IN ? json_lines(w) : xml ? xml_records(w) : json_records(w))) return went;
    }
    return xml ? xml_tail(w) : json_tail(w);
}

API void convtool_run_free(Run *x) {
    if (!x) return;
    free(x->tape); free(x->scratch); free(x->hits); free(x->events); free(x->steps); free(x->counts); free(x->told);
    free(x);
}
// Gives a run of a program, which must outlive it; begin each document with `convtool_start`.
API Run *convtool_run(const Program *p) {
    Run *x = calloc(1, sizeof *x);
    if (!x) return NULL;
    x->program = p; x->members = p->members; x->types = p->types; x->pool = p->pool;
    x->counts = calloc((size_t)p->h.sites * V_KINDS + 1, sizeof(u64));
    x->told = calloc((size_t)p->h.sites * V_KINDS + 1, 1);
    if (!x->counts || !x->told) { convtool_run_free(x); return NULL; }
    return x;
}
// Begins a document.
API int convtool_start(Run *x, const Options *o) {
    size_t slots = (size_t)x->program->h.sites * V_KINDS;
    x->o = *o;
    if (x->o.depth > DEEPEST || !x->o.depth || x->o.format > JSON || x->o.to > TO_VALUES || x->o.events > 1u << 24) return -1;
    if (x->o.lines & LINES_IN && !x->program->h.list) return -1;
    if (x->o.words > 1ull << 30) x->o.words = 1ull << 30;
    x->phase = P_HEAD; x->nil = x->deep = 0; x->seen = 0; x->root_at = x->root_end = 0;
    x->n_bound = x->serial = x->scope = 0; x->nil_tail_len = 0;
    x->root_bound = x->root_scope = x->root_name_len = x->stored = 0;       // of another document's root nothing is left
    x->hn = 0;
    x->n_events = x->done_events = x->n_steps = x->done_steps = 0; x->dropped = x->done_dropped = 0;
    memset(x->counts, 0, slots * sizeof(u64));
    memset(x->told, 0, slots);
    return 0;
}
// Goes on behind a record that another has judged: `phase` is BEFORE or BEHIND, `seen` the records so far. What is no
// list has no records behind each other.
API void convtool_resume(Run *x, u32 phase, u64 seen) {
    x->phase = phase == P_TAIL || !x->program->h.list ? P_TAIL : phase == P_BEHIND ? P_BEHIND : P_BEFORE;
    x->seen = seen;
}
// Forgets the events and counts that have been taken; `events` is how many there may be from now on.
API void convtool_taken(Run *x, u32 events) {
    begin(x);
    x->n_events = x->done_events = x->n_steps = x->done_steps = 0; x->dropped = x->done_dropped = 0;
    x->o.events = events > 1u << 24 ? 1u << 24 : events;
    memset(x->counts, 0, (size_t)x->program->h.sites * V_KINDS * sizeof(u64));
}
static int answer(Run *x, int went) {
    if (went > 0) return FULL;
    if (!went) return x->final ? DONE : MORE;
    if (x->error == E_END && !x->final) return MORE;
    return x->phase == P_HEAD ? DOCUMENT : GIVEUP;
}
// Reads data[pos .. len) and writes to out[0 .. cap). `final`: there is nothing behind data.
API int convtool_feed(Run *x, const u8 *data, size_t len, size_t pos, int final, u8 *out, size_t cap, Result *r) {
    Pass w = {x, data, data + pos, out, out, out + cap, 0};
    int state = DOCUMENT;
    x->base = data; x->p = data + pos; x->end = data + len;
    x->final = final; x->nil_tail_len = 0; x->error = E_BAD;
    if (len <= 0x7ffffff0u && pos <= len) state = answer(x, pass_on(&w));
    else if (x->phase != P_HEAD) state = GIVEUP;
    u32 error = (u32)x->error;
    u64 stopped = (u64)(x->p - data);
    begin(x);                               // what an attempt has found that came to nothing
    *r = (Result){(u64)(w.mark - data), (u64)(w.o - out), w.need, x->seen, x->root_at, x->root_end, x->done_events,
                  x->done_steps, x->done_dropped, stopped, x->nil, error, x->phase, x->deep, x->events, x->steps, x->counts};
    return state;
}
// Tells whether data[pos .. n) is UTF-8.
API int convtool_is_text(const u8 *data, size_t n, size_t pos) {
    const u8 *p = data + pos, *e = data + n;
    u32 ignored = 0;
    while (p < e) {
#ifdef SIMD
        while (e - p >= 16 && !_mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)p))) p += 16;
        if (p >= e) break;
#endif
        int k = *p < 0x80 ? 1 : utf8(p, e, &ignored);
        if (k <= 0) return 0;
        p += k;
    }
    return 1;
}
#ifdef SIMD
INLINE u64 ones(__m128i seen) {             // of sixteen bytes that count down from 0
    __m128i sums = _mm_sad_epu8(_mm_sub_epi8(_mm_setzero_si128(), seen), _mm_setzero_si128());
    return (u64)_mm_cvtsi128_si64(sums) + (u64)_mm_cvtsi128_si64(_mm_srli_si128(sums, 8));
}
#endif
// The number of line feeds, or of characters where `text`: of the bytes that begin one.
static u64 count_of(const u8 *p, const u8 *e, int text) {
    u64 count = 0;
#ifdef SIMD
    while (e - p >= 16) {
        __m128i seen = _mm_setzero_si128();
        for (int k = 0; k < 255 && e - p >= 16; k++, p += 16) {
            __m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
            seen = _mm_add_epi8(seen, text ? _mm_cmpgt_epi8(v, _mm_set1_epi8(-65)) : _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
        }
        count += ones(seen);
    }
#endif
    for (; p < e; p++) count += text ? (*p & 0xC0) != 0x80 : *p == '\n';
    return count;
}
// Counts lines, and the characters behind the last line feed: what it takes to place what follows.
API void convtool_place(const u8 *s, size_t n, u64 *lines, u64 *column) {
    u64 count = count_of(s, s + n, 0);
    const u8 *behind = s;
    if (count) { for (behind = s + n; behind[-1] != '\n'; behind--) {} *column = 1; }
    *lines += count;
    *column += count_of(behind, s + n, 1);
}
