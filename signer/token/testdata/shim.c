/*
 * A PKCS#11 module for tests that passes every call on to another module and
 * misbehaves where it is told to, as the modules of token vendors do.
 *
 *   SHIM_MODULE  path of the module behind it
 *   SHIM_CONF    SOFTHSM2_CONF for it, when others are to see another one
 *   SHIM_DIR     folder with
 *     rules      what to do, one rule a line; read again whenever it was replaced
 *     log        one line per call: time (ns) pid tid function number result
 *     wrong      number of wrong PINs in a row (rule pinlock)
 *
 * The log never holds a PIN. Calls that overlap, or that come from another
 * thread than C_Initialize, are logged as OVERLAP and THREAD, and fail.
 *
 * Rules for the Nth call of a function (counted per process, from 1, anew when
 * the rules change); WHEN is N, N+ or *:
 *
 *   FUNCTION WHEN rv=0xA0      returns this and does nothing
 *   FUNCTION WHEN after=0x30   does it, then returns this
 *   FUNCTION WHEN delay=MS     waits before
 *   FUNCTION WHEN hang | crash | abort | exit
 *   FUNCTION WHEN pull         the token is pulled out; it is back with new rules
 *   FUNCTION WHEN replug       the token is pulled out and plugged in again
 *   C_Sign WHEN badsig | foreignsig | cutsig | nosig | longsig
 *
 * Rules for everything:
 *
 *   nolist            C_GetFunctionList gives NULL
 *   hole=N            function N of the list is NULL
 *   cantlock          refuses CKF_OS_LOCKING_OK
 *   already           C_Initialize says that this was done before
 *   print             prints on standard output at every call
 *   nosize            C_Sign refuses to tell the length first
 *   hide=0x102,...    these attributes are unknown, in objects and in searches
 *   mechs=0x1,...     only these mechanisms are listed and work
 *   label=HEX         bytes of the token's label
 *   flags=0xN         added to the flags of the token
 *   pinlock=N         the Nth wrong PIN locks; the flags tell
 *   pad=OLD,NEW       PINs are entered on the reader: OLD, and NEW to replace it
 *   login-first       C_SetPIN works only after C_Login
 *   removed           no token is plugged in
 *   late=MS           for so long a token that was pulled out is still shown
 *   frozen            a process that once saw no token never sees one
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define CK_PTR *
#define NULL_PTR NULL
#define CK_DECLARE_FUNCTION(type, name) type name
#define CK_DECLARE_FUNCTION_POINTER(type, name) type (*name)
#define CK_CALLBACK_FUNCTION(type, name) type (*name)
#include "pkcs11.h"

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST list;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static char rules[8192];
static ino_t rules_inode;
static struct { const char *name; int calls; } counts[64];
static int inside;       /* calls that have not returned */
static long first_thread;
static int pulled, seen_empty, initialised;
static long long pulled_at;

static long long now(void) {
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static const char *in_dir(const char *name) {
	static __thread char path[4096];
	snprintf(path, sizeof path, "%s/%s", getenv("SHIM_DIR"), name);
	return path;
}

/* One write per line, so that lines of several processes do not mix. */
static void note(const char *function, int number, const char *format, ...) {
	char text[64], line[256];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	int n = snprintf(line, sizeof line, "%lld %d %ld %s %d %s\n", now(), getpid(), (long)syscall(SYS_gettid), function, number, text);
	FILE *f = fopen(in_dir("log"), "a");
	if (f == NULL) return;
	setvbuf(f, NULL, _IONBF, 0);
	fwrite(line, 1, n, f);
	fclose(f);
}

/* The value of a rule for everything: "" without one, NULL when it is not set. */
static const char *rule(const char *name) {
	size_t n = strlen(name);
	for (const char *p = rules; *p; ) {
		if (!strncmp(p, name, n) && strchr("=\n", p[n])) return p[n] == '=' ? p + n + 1 : "";
		p += strcspn(p, "\n");
		if (*p) p++;
	}
	return NULL;
}

static int in_list(const char *name, CK_ULONG value) {
	const char *v = rule(name);
	while (v && *v) {
		char *end;
		if (strtoul(v, &end, 0) == value) return 1;
		if (*end != ',') break;
		v = end + 1;
	}
	return 0;
}

static void close_everything(void) {
	CK_SLOT_ID slots[64];
	CK_ULONG n = 64;
	if (initialised && real->C_GetSlotList(CK_TRUE, slots, &n) == CKR_OK)
		for (CK_ULONG i = 0; i < n; i++) real->C_CloseAllSessions(slots[i]);
}

static void read_rules(void) {
	struct stat s;
	if (stat(in_dir("rules"), &s) != 0 || s.st_ino == rules_inode) return;
	FILE *f = fopen(in_dir("rules"), "r");
	size_t n = f ? fread(rules, 1, sizeof rules - 1, f) : 0;
	rules[n] = 0;
	if (f) fclose(f);
	rules_inode = s.st_ino;
	memset(counts, 0, sizeof counts);
	if (rule("removed") && !pulled) close_everything();
	pulled = rule("removed") != NULL;
}

static int wrong_pins(int set) { /* < 0 only reads */
	int n = 0;
	FILE *f = fopen(in_dir("wrong"), set < 0 ? "r" : "w");
	if (f == NULL) return 0;
	if (set >= 0) fprintf(f, "%d\n", n = set);
	else if (fscanf(f, "%d", &n) != 1) n = 0;
	fclose(f);
	return n;
}

struct call {
	const char *function;
	int number;
	CK_RV rv, after;
	enum { SIG_GOOD, SIG_BAD, SIG_FOREIGN, SIG_CUT, SIG_NONE, SIG_LONG } signature;
};

enum { ANY, SLOT, SESSION }; /* what a function needs */

static int shown(void) { /* is the token shown although it is pulled out? */
	const char *late = rule("late");
	return !pulled || (late && now() - pulled_at < atoll(late) * 1000000);
}

/* Applies one action; 1 means that the call is over. */
static int act(struct call *c, const char *what) {
	if (!strncmp(what, "rv=", 3)) { c->rv = strtoul(what + 3, NULL, 0); return 1; }
	if (!strncmp(what, "after=", 6)) c->after = strtoul(what + 6, NULL, 0);
	else if (!strncmp(what, "delay=", 6)) usleep(1000 * atoi(what + 6));
	else if (!strncmp(what, "badsig", 6)) c->signature = SIG_BAD;
	else if (!strncmp(what, "foreignsig", 10)) c->signature = SIG_FOREIGN;
	else if (!strncmp(what, "cutsig", 6)) c->signature = SIG_CUT;
	else if (!strncmp(what, "nosig", 5)) c->signature = SIG_NONE;
	else if (!strncmp(what, "longsig", 7)) c->signature = SIG_LONG;
	else if (!strncmp(what, "pull", 4)) { close_everything(); pulled = 1; pulled_at = now(); }
	else if (!strncmp(what, "replug", 6)) close_everything();
	else {
		char word[16] = "";
		sscanf(what, "%15[a-z]", word);
		note(c->function, c->number, "%s", word);
		if (!strcmp(word, "hang")) for (;;) pause();
		if (!strcmp(word, "crash")) *(volatile int *)8 = 1;
		if (!strcmp(word, "abort")) abort();
		if (!strcmp(word, "exit")) _exit(3);
	}
	return 0;
}

/* Begins a call; 1 means that it is over and c->rv the result. */
static int enter(struct call *c, const char *function, int needs) {
	static const struct call blank;
	*c = blank;
	c->function = function;
	long thread = syscall(SYS_gettid);
	pthread_mutex_lock(&lock);
	read_rules();
	for (int i = 0; i < 64 && !c->number; i++) {
		if (!counts[i].name) counts[i].name = function;
		if (!strcmp(counts[i].name, function)) c->number = ++counts[i].calls;
	}
	int overlap = inside++ > 0;
	if (!first_thread) first_thread = thread;
	pthread_mutex_unlock(&lock);
	int over = overlap || thread != first_thread;
	if (over) {
		note(function, c->number, overlap ? "OVERLAP" : "THREAD");
		c->rv = CKR_GENERAL_ERROR;
	}
	if (rule("print")) { printf("%s: PIN 12345678, ok\n", function); fflush(stdout); }
	char copy[sizeof rules]; /* an action must not see the next rules */
	strcpy(copy, rules);
	char *rest = copy;
	for (char *line; !over && (line = strsep(&rest, "\n")); ) {
		char name[64], when[16], what[64];
		if (sscanf(line, "%63s %15s %63s", name, when, what) != 3 || strcmp(name, function)) continue;
		char *end;
		long n = strtol(when, &end, 10);
		if (*when == '*' || (*end == '+' ? c->number >= n : c->number == n)) over = act(c, what);
	}
	if (!over && pulled && needs == SLOT && !shown()) { c->rv = CKR_TOKEN_NOT_PRESENT; over = 1; }
	if (!over && pulled && needs == SESSION) { c->rv = shown() ? CKR_GENERAL_ERROR : CKR_DEVICE_REMOVED; over = 1; }
	if (over) {
		note(function, c->number, "0x%lx", c->rv);
		pthread_mutex_lock(&lock);
		inside--;
		pthread_mutex_unlock(&lock);
	}
	return over;
}

static CK_RV leave(struct call *c) {
	if (c->after) c->rv = c->after;
	note(c->function, c->number, "0x%lx", c->rv);
	pthread_mutex_lock(&lock);
	inside--;
	pthread_mutex_unlock(&lock);
	return c->rv;
}

#define BEGIN(name, needs) struct call c; if (enter(&c, #name, needs)) return c.rv
#define PASS(name, needs, parameters, arguments) \
	static CK_RV shim_##name parameters { BEGIN(name, needs); c.rv = real->name arguments; return leave(&c); }

PASS(C_Finalize, ANY, (CK_VOID_PTR a), (a))
PASS(C_GetInfo, ANY, (CK_INFO_PTR i), (i))
PASS(C_GetSlotInfo, ANY, (CK_SLOT_ID s, CK_SLOT_INFO_PTR i), (s, i))
PASS(C_OpenSession, SLOT, (CK_SLOT_ID s, CK_FLAGS f, CK_VOID_PTR a, CK_NOTIFY n, CK_SESSION_HANDLE_PTR h), (s, f, a, n, h))
PASS(C_CloseSession, SESSION, (CK_SESSION_HANDLE h), (h))
PASS(C_Logout, SESSION, (CK_SESSION_HANDLE h), (h))
PASS(C_FindObjects, SESSION, (CK_SESSION_HANDLE h, CK_OBJECT_HANDLE_PTR o, CK_ULONG m, CK_ULONG_PTR n), (h, o, m, n))
PASS(C_FindObjectsFinal, SESSION, (CK_SESSION_HANDLE h), (h))

static CK_RV shim_C_Initialize(CK_VOID_PTR a) {
	BEGIN(C_Initialize, ANY);
	CK_C_INITIALIZE_ARGS_PTR args = a;
	if (rule("cantlock") && args && args->flags & CKF_OS_LOCKING_OK) c.rv = CKR_CANT_LOCK;
	else c.rv = real->C_Initialize(a);
	if (c.rv == CKR_OK) initialised = 1;
	if (c.rv == CKR_OK && rule("already")) c.rv = CKR_CRYPTOKI_ALREADY_INITIALIZED;
	return leave(&c);
}

static CK_RV shim_C_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR n) {
	BEGIN(C_GetSlotList, ANY);
	if (!shown()) seen_empty = 1;
	if (present && (!shown() || (seen_empty && rule("frozen")))) { *n = 0; c.rv = CKR_OK; }
	else c.rv = real->C_GetSlotList(present, slots, n);
	return leave(&c);
}

static CK_RV shim_C_GetTokenInfo(CK_SLOT_ID s, CK_TOKEN_INFO_PTR t) {
	BEGIN(C_GetTokenInfo, SLOT);
	c.rv = real->C_GetTokenInfo(s, t);
	if (c.rv == CKR_OK) {
		const char *v;
		if ((v = rule("pinlock"))) {
			int limit = atoi(v), wrong = wrong_pins(-1);
			t->flags &= ~(CK_FLAGS)(CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_LOCKED);
			if (wrong > 0) t->flags |= CKF_USER_PIN_COUNT_LOW;
			if (wrong == limit - 1) t->flags |= CKF_USER_PIN_FINAL_TRY;
			if (wrong >= limit) t->flags |= CKF_USER_PIN_LOCKED;
		}
		if ((v = rule("flags"))) t->flags |= strtoul(v, NULL, 0);
		if (rule("pad")) t->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
		if ((v = rule("label"))) {
			memset(t->label, ' ', sizeof t->label);
			for (int i = 0; i < 32 && sscanf(v + 2 * i, "%2hhx", &t->label[i]) == 1; i++);
		}
	}
	return leave(&c);
}

static CK_RV shim_C_GetMechanismList(CK_SLOT_ID s, CK_MECHANISM_TYPE_PTR m, CK_ULONG_PTR n) {
	BEGIN(C_GetMechanismList, SLOT);
	c.rv = real->C_GetMechanismList(s, m, n);
	if (c.rv == CKR_OK && m && rule("mechs")) {
		CK_ULONG kept = 0;
		for (CK_ULONG i = 0; i < *n; i++) if (in_list("mechs", m[i])) m[kept++] = m[i];
		*n = kept;
	}
	return leave(&c);
}

/* What both functions with PINs do: the tries, and the keys of the reader. */
static CK_RV count_pin(CK_RV rv) {
	const char *v = rule("pinlock");
	if (v && rv == CKR_PIN_INCORRECT) {
		int wrong = wrong_pins(-1) + 1;
		wrong_pins(wrong);
		if (wrong >= atoi(v)) return CKR_PIN_LOCKED;
	}
	if (v && rv == CKR_OK) wrong_pins(0);
	return rv;
}

static int pin_locked(void) {
	const char *v = rule("pinlock");
	return v && wrong_pins(-1) >= atoi(v);
}

static CK_RV shim_C_Login(CK_SESSION_HANDLE h, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG n) {
	BEGIN(C_Login, SESSION);
	const char *pad = rule("pad");
	if (pin_locked()) c.rv = CKR_PIN_LOCKED;
	else if (pad && pin) c.rv = CKR_ARGUMENTS_BAD;
	else c.rv = count_pin(real->C_Login(h, user, pad ? (CK_UTF8CHAR_PTR)pad : pin, pad ? strcspn(pad, ",\n") : n));
	return leave(&c);
}

static CK_RV shim_C_SetPIN(CK_SESSION_HANDLE h, CK_UTF8CHAR_PTR old, CK_ULONG oldn, CK_UTF8CHAR_PTR new, CK_ULONG newn) {
	BEGIN(C_SetPIN, SESSION);
	const char *pad = rule("pad");
	CK_SESSION_INFO info;
	if (pin_locked()) c.rv = CKR_PIN_LOCKED;
	else if (pad && (old || new)) c.rv = CKR_ARGUMENTS_BAD;
	else if (rule("login-first") && real->C_GetSessionInfo(h, &info) == CKR_OK && info.state != CKS_RW_USER_FUNCTIONS) c.rv = CKR_USER_NOT_LOGGED_IN;
	else {
		if (pad) {
			old = (CK_UTF8CHAR_PTR)pad; oldn = strcspn(pad, ",\n");
			new = old + oldn + 1; newn = strcspn((const char *)new, "\n");
		}
		c.rv = count_pin(real->C_SetPIN(h, old, oldn, new, newn));
	}
	return leave(&c);
}

static CK_RV shim_C_GetAttributeValue(CK_SESSION_HANDLE h, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG n) {
	BEGIN(C_GetAttributeValue, SESSION);
	int hidden = 0;
	for (CK_ULONG i = 0; i < n; i++) if (in_list("hide", t[i].type)) { t[i].ulValueLen = CK_UNAVAILABLE_INFORMATION; hidden = 1; }
	c.rv = hidden ? CKR_ATTRIBUTE_TYPE_INVALID : real->C_GetAttributeValue(h, o, t, n);
	return leave(&c);
}

static CK_RV shim_C_FindObjectsInit(CK_SESSION_HANDLE h, CK_ATTRIBUTE_PTR t, CK_ULONG n) {
	BEGIN(C_FindObjectsInit, SESSION);
	CK_BYTE nobody[] = "no object has this identifier";
	CK_ATTRIBUTE never = { CKA_ID, nobody, sizeof nobody };
	int hidden = 0;
	for (CK_ULONG i = 0; i < n; i++) hidden |= in_list("hide", t[i].type);
	c.rv = hidden ? real->C_FindObjectsInit(h, &never, 1) : real->C_FindObjectsInit(h, t, n);
	return leave(&c);
}

static CK_RV shim_C_SignInit(CK_SESSION_HANDLE h, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE key) {
	BEGIN(C_SignInit, SESSION);
	c.rv = rule("mechs") && !in_list("mechs", m->mechanism) ? CKR_MECHANISM_INVALID : real->C_SignInit(h, m, key);
	return leave(&c);
}

static CK_RV shim_C_Sign(CK_SESSION_HANDLE h, CK_BYTE_PTR data, CK_ULONG n, CK_BYTE_PTR out, CK_ULONG_PTR outn) {
	BEGIN(C_Sign, SESSION);
	CK_BYTE other[4096];
	if (!out && rule("nosize")) { c.rv = CKR_ARGUMENTS_BAD; return leave(&c); }
	if (c.signature == SIG_FOREIGN && n <= sizeof other) { /* a perfect signature of something else */
		memcpy(other, data, n);
		other[n - 1] ^= 1;
		data = other;
	}
	c.rv = real->C_Sign(h, data, n, out, outn);
	if (c.rv == CKR_OK && out) {
		if (c.signature == SIG_BAD) out[*outn / 2] ^= 1;
		if (c.signature == SIG_CUT) *outn /= 2;
		if (c.signature == SIG_NONE) *outn = 0;
		if (c.signature == SIG_LONG) *outn = 1 << 20;
	}
	return leave(&c);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out) {
	if (real == NULL) {
		if (getenv("SHIM_CONF")) setenv("SOFTHSM2_CONF", getenv("SHIM_CONF"), 1);
		void *h = dlopen(getenv("SHIM_MODULE"), RTLD_NOW | RTLD_LOCAL);
		CK_C_GetFunctionList get = h ? (CK_C_GetFunctionList)dlsym(h, "C_GetFunctionList") : NULL;
		if (get == NULL || get(&real) != CKR_OK) return CKR_GENERAL_ERROR;
	}
	struct call c;
	if (enter(&c, "C_GetFunctionList", ANY)) return c.rv;
	list = *real;
#define REPLACE(name) list.name = shim_##name
	REPLACE(C_Initialize); REPLACE(C_Finalize); REPLACE(C_GetInfo); REPLACE(C_GetSlotList); REPLACE(C_GetSlotInfo);
	REPLACE(C_GetTokenInfo); REPLACE(C_GetMechanismList); REPLACE(C_OpenSession); REPLACE(C_CloseSession);
	REPLACE(C_Login); REPLACE(C_Logout); REPLACE(C_SetPIN); REPLACE(C_GetAttributeValue); REPLACE(C_FindObjectsInit);
	REPLACE(C_FindObjects); REPLACE(C_FindObjectsFinal); REPLACE(C_SignInit); REPLACE(C_Sign);
	list.C_GetFunctionList = C_GetFunctionList;
	const char *hole = rule("hole");
	if (hole) ((void **)&list.C_Initialize)[atoi(hole)] = NULL;
	*out = rule("nolist") ? NULL : &list;
	c.rv = CKR_OK;
	return leave(&c);
}
