// Documents that are nearly right: a recorded one with a few changes, by the byte, by the token, or by the element.
//
// Everything here is a function of a Random and of a Pack's words, so that an input is its number. A document never
// grows beyond the room that it has.

typedef struct { u64 state; } Random;

static u64 draw(Random *r) {                // splitmix64
    u64 z = (r->state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
static size_t below(Random *r, size_t n) { return n ? (size_t)(draw(r) % n) : 0; }

typedef struct { const u8 *p; u32 n; } Words;
typedef struct { u32 count; Words *of; } Table;
// The words of a mutation, in the order in which tests/fuzz/pack.py writes them.
enum { W_BYTES, W_TEXTS, W_ATTRIBUTES, W_BETWEEN, W_BEFORE, W_SPACES, W_TOKENS, W_MEMBERS, W_TABLES };
typedef struct { u8 *p; size_t n, room; const Table *words, *seeds; } Doc;

static Words one_of(Random *r, const Table *t) { return t->count ? t->of[below(r, t->count)] : (Words){(const u8 *)"", 0}; }

// Puts n bytes, which may be the document's own, in the place of `gone` at `at`; nothing where there is no room.
static void replace(Doc *d, size_t at, size_t gone, const u8 *s, size_t n) {
    static u8 copy[1 << 16];
    if (n > sizeof copy || d->n - gone + n > d->room) return;
    if (n) memcpy(copy, s, n);
    memmove(d->p + at + n, d->p + at + gone, d->n - at - gone);
    if (n) memcpy(d->p + at, copy, n);
    d->n += n - gone;
}
static void put_in(Doc *d, size_t at, size_t gone, Words w) { replace(d, at, gone, w.p, w.n); }

// The first `c` from a place drawn at random on, or from the beginning; n where there is none.
static size_t some(Random *r, const Doc *d, u8 c) {
    size_t from = below(r, d->n + 1);
    for (int round = 0; round < 2; round++, from = 0) {
        const u8 *p = memchr(d->p + from, c, d->n - from);
        if (p) return (size_t)(p - d->p);
    }
    return d->n;
}
static size_t next(const Doc *d, size_t from, u8 c) {
    const u8 *p = from < d->n ? memchr(d->p + from, c, d->n - from) : NULL;
    return p ? (size_t)(p - d->p) : d->n;
}

// ---- by the byte -----------------------------------------------------------------------------------------------------

static void change_bytes(Random *r, Doc *d) {
    static const u8 LENGTHS[] = {1, 1, 1, 2, 5, 20};
    size_t at = below(r, d->n + 1), n = LENGTHS[below(r, sizeof LENGTHS)];
    u8 any = (u8)draw(r);
    if (n > d->n - at) n = d->n - at;
    switch (below(r, 8)) {
    case 0: case 1: put_in(d, at, 0, one_of(r, d->words + W_BYTES)); break;
    case 2: put_in(d, at, n, one_of(r, d->words + W_BYTES)); break;
    case 3: replace(d, at, n, &any, 1); break;
    case 4: replace(d, at, n, NULL, 0); break;
    case 5: replace(d, at + n, 0, d->p + at, n); break;
    case 6: if (n) d->p[at] ^= (u8)(1u << below(r, 8)); break;
    default: if (below(r, 4) == 0) d->n = at; break;
    }
}
static void splice(Random *r, Doc *d) {
    Words other = one_of(r, d->seeds);
    size_t from = below(r, other.n + 1), n = below(r, other.n - from + 1), at = below(r, d->n + 1);
    replace(d, at, below(r, d->n - at + 1) * below(r, 2), other.p + from, n);
}

// ---- XML -------------------------------------------------------------------------------------------------------------

// The end of the element that begins at `at`: behind its end tag, or n.
static size_t element_end(const Doc *d, size_t at) {
    for (size_t depth = 0, p = at; p < d->n; p = next(d, p, '<')) {
        size_t close = next(d, p, '>');
        if (close == d->n) break;
        if (p + 1 < d->n && d->p[p + 1] == '/') depth--;
        else if (d->p[close - 1] != '/' && d->p[p + 1] != '!' && d->p[p + 1] != '?') depth++;
        p = close + 1;
        if (!depth || depth > 1000) return p;
    }
    return d->n;
}
static void change_text(Random *r, Doc *d) {
    static const char HEX[] = "0123456789ABCDEF";
    size_t at = some(r, d, '>') + 1, end = next(d, at, '<');
    if (at > d->n || end == d->n) return;
    switch (below(r, 5)) {
    case 0: replace(d, end, 0, (const u8 *)"]]>", 3); replace(d, at, 0, (const u8 *)"<![CDATA[", 9); break;
    case 1: replace(d, at + below(r, end - at + 1), 0, (const u8 *)"<!--c-->", 8); break;
    case 2:
        for (size_t k = end; k-- > at;) {
            u8 c = d->p[k], reference[6] = {'&', '#', 'x', (u8)HEX[c >> 4], (u8)HEX[c & 15], ';'};
            if (c < 128 && c != '&' && c != ';' && c != '#' && below(r, 2)) replace(d, k, 1, reference, 6);
        }
        break;
    default: put_in(d, at, end - at, one_of(r, d->words + W_TEXTS)); break;
    }
}
static void change_tag(Random *r, Doc *d) {
    size_t at = some(r, d, '<'), close = next(d, at, '>');
    if (close == d->n) return;
    if (d->p[close - 1] == '/') close--;
    switch (below(r, 6)) {
    case 0: case 1: put_in(d, close, 0, one_of(r, d->words + W_ATTRIBUTES)); break;
    case 2: put_in(d, at, 0, one_of(r, d->words + W_BETWEEN)); break;
    case 3:                                 // <a b="c" /> as <a b="c"></a>
        if (d->p[close] == '/') {
            size_t end = at + 1;
            u8 name[128], n = 0;
            name[n++] = '<'; name[n++] = '/';
            while (end < close && n < 120 && d->p[end] > ' ' && d->p[end] != '/') name[n++] = d->p[end++];
            name[n++] = '>';
            replace(d, close, 2, (const u8 *)">", 1);
            replace(d, close + 1, 0, name, n);
        }
        break;
    case 4: if (d->p[close] == '/' && d->p[close - 1] == ' ') replace(d, close - 1, 1, NULL, 0); break;
    default: put_in(d, close, 0, one_of(r, d->words + W_SPACES)); break;
    }
}
static void change_element(Random *r, Doc *d) {
    size_t at = some(r, d, '<'), end, behind;
    if (at + 1 >= d->n || d->p[at + 1] == '/') at = some(r, d, '<');
    if (at + 1 >= d->n || d->p[at + 1] == '/') return;
    end = element_end(d, at);
    switch (below(r, 4)) {
    case 0: replace(d, at, end - at, NULL, 0); break;
    case 1: replace(d, end, 0, d->p + at, end - at); break;
    default:                                // the next one first
        if (end + 1 >= d->n || d->p[end] != '<' || d->p[end + 1] == '/') break;
        behind = element_end(d, end);
        if (behind - end + d->n > d->room || behind - end > 1u << 16) break;
        replace(d, at, 0, d->p + end, behind - end);
        replace(d, end + (behind - end), behind - end, NULL, 0);
    }
}
static void change_all(Random *r, Doc *d) {
    Words space = one_of(r, d->words + W_SPACES);
    size_t odds = below(r, 2) ? 1 : 3;
    switch (below(r, 4)) {
    case 0: for (size_t k = 0; k < d->n; k++) if (d->p[k] == '"') d->p[k] = '\''; break;
    case 1: put_in(d, 0, 0, one_of(r, d->words + W_BEFORE)); break;
    case 2:
        for (size_t k = d->n; k-- > 1;)
            if (d->p[k] == '<' && d->p[k - 1] == '>' && !below(r, odds)) put_in(d, k, 0, space);
        break;
    default:                                // the prefix i as another
        for (size_t k = d->n; k-- > 1;)
            if (d->p[k] == 'i' && ((k + 1 < d->n && d->p[k + 1] == ':' && d->p[k - 1] == ' ')
                                   || (d->p[k - 1] == ':' && k > 5 && !memcmp(d->p + k - 6, "xmlns", 5))))
                replace(d, k, 1, (const u8 *)"_.-1", 4);
    }
}
static void change_xml(Random *r, Doc *d) {
    switch (below(r, 16)) {
    case 0: change_bytes(r, d); break;
    case 1: if (!below(r, 4)) splice(r, d); break;
    case 2: case 3: case 4: change_element(r, d); break;
    case 5: case 6: case 7: change_tag(r, d); break;
    case 8: case 9: case 10: change_all(r, d); break;
    default: change_text(r, d); break;
    }
}

// ---- JSON ------------------------------------------------------------------------------------------------------------

// The end of the item that begins at `at`: a member or a value, up to the comma or the bracket behind it.
static size_t item_end(const Doc *d, size_t at) {
    size_t depth = 0;
    int text = 0;
    for (size_t k = at; k < d->n; k++) {
        u8 c = d->p[k];
        if (text) { if (c == '\\') k++; else if (c == '"') text = 0; continue; }
        if (c == '"') text = 1;
        else if (c == '{' || c == '[') depth++;
        else if (c == '}' || c == ']') { if (!depth--) return k; }
        else if (c == ',' && !depth) return k;
    }
    return d->n;
}
static void change_item(Random *r, Doc *d) {
    static const u8 FRONT[] = "{[,,,";
    size_t at = some(r, d, FRONT[below(r, 5)]) + 1, end, behind;
    if (at > d->n) return;
    end = item_end(d, at);
    switch (below(r, 6)) {
    case 0: replace(d, at, end - at + (end < d->n && d->p[end] == ','), NULL, 0); break;
    case 1: replace(d, end, 0, d->p + at, end - at); replace(d, end, 0, (const u8 *)",", 1); break;
    case 2: put_in(d, at, 0, one_of(r, d->words + W_MEMBERS)); break;
    default:                                // the next one first
        if (end >= d->n || d->p[end] != ',') break;
        behind = item_end(d, end + 1);
        if (behind - end > 1u << 15 || behind - end + d->n > d->room) break;
        replace(d, at, 0, d->p + end, behind - end);               // ,next one,next
        replace(d, behind, behind - end, NULL, 0);                  // ,next one
        d->n > at && d->p[at] == ',' ? replace(d, at, 1, NULL, 0) : (void)0;
        replace(d, at + (behind - end - 1), 0, (const u8 *)",", 1);
    }
}
static void change_value(Random *r, Doc *d) {
    static const u8 FRONT[] = "::::[,";
    size_t at = some(r, d, FRONT[below(r, 6)]) + 1;
    if (at <= d->n) put_in(d, at, item_end(d, at) - at, one_of(r, d->words + W_TOKENS));
}
static void change_layout(Random *r, Doc *d) {
    Words space = one_of(r, d->words + W_SPACES);
    static const char HEX[] = "0123456789abcdef";
    size_t odds = below(r, 2) ? 1 : 6;
    int escape = below(r, 2) == 0;
    for (size_t k = d->n; k-- > 0;) {
        u8 c = d->p[k], escaped[6] = {'\\', 'u', '0', '0', (u8)HEX[c >> 4], (u8)HEX[c & 15]};
        if (!escape && strchr(",:[]{}", c) && c && !below(r, odds)) put_in(d, k + below(r, 2), 0, space);
        if (escape && ((c | 32) >= 'a' && (c | 32) <= 'z') && !below(r, 12) && k && d->p[k - 1] != '\\') replace(d, k, 1, escaped, 6);
    }
}
static void change_json(Random *r, Doc *d) {
    switch (below(r, 12)) {
    case 0: change_bytes(r, d); break;
    case 1: if (!below(r, 4)) splice(r, d); break;
    case 2: case 3: case 4: change_item(r, d); break;
    case 5: case 6: case 7: change_layout(r, d); break;
    default: change_value(r, d); break;
    }
}
static void change(Random *r, Doc *d, int json) {
    static const u8 TIMES[] = {0, 1, 1, 1, 2, 2, 3, 5};
    for (size_t k = TIMES[below(r, sizeof TIMES)]; k--;) (json ? change_json : change_xml)(r, d);
}
