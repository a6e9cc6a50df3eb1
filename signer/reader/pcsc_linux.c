//go:build cgo

// pcsc-lite is loaded when it is needed, so that the program starts on machines
// that do not have it. The declarations are those of its interface (winscard.h):
// on Linux its LONG and DWORD have the size of a long.

#include "pcsc.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

struct reader_state {
	const char *name;
	void *user;
	unsigned long current, event, atr_size;
	unsigned char atr[ANTIN_MAX_ATR];
};

static long (*establish)(unsigned long scope, const void *, const void *, long *context);
static long (*release)(long context);
static long (*list_readers)(long context, const char *groups, char *list, unsigned long *size);
static long (*status_change)(long context, unsigned long ms, struct reader_state *, unsigned long count);
static long (*cancel)(long context);

const char *antin_pcsc_load(void) {
	void *h = dlopen("libpcsclite.so.1", RTLD_NOW | RTLD_LOCAL);
	if (h == NULL) {
		const char *why = dlerror();
		return why ? why : "dlopen";
	}
	struct { const char *name; void *to; } calls[] = {
		{"SCardEstablishContext", &establish}, {"SCardReleaseContext", &release}, {"SCardListReaders", &list_readers},
		{"SCardGetStatusChange", &status_change}, {"SCardCancel", &cancel},
	};
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		void *f = dlsym(h, calls[i].name);
		if (f == NULL) return "libpcsclite.so.1 lacks a function";
		memcpy(calls[i].to, &f, sizeof f);
	}
	return NULL;
}

uint32_t antin_pcsc_connect(intptr_t *context) {
	long c = 0;
	const unsigned long scope_system = 2;
	long rv = establish(scope_system, NULL, NULL, &c);
	*context = c;
	return (uint32_t)rv;
}

uint32_t antin_pcsc_readers(intptr_t context, char *list, uint32_t *size) {
	unsigned long n = *size;
	long rv = list_readers((long)context, NULL, list, &n);
	*size = (uint32_t)n;
	return (uint32_t)rv;
}

uint32_t antin_pcsc_change(intptr_t context, uint32_t ms, struct antin_state *states, uint32_t count) {
	struct reader_state *r = calloc(count, sizeof *r);
	if (r == NULL) return 0x80100006; // SCARD_E_NO_MEMORY
	for (uint32_t i = 0; i < count; i++) {
		r[i].name = states[i].name;
		r[i].current = states[i].current;
	}
	long rv = status_change((long)context, ms, r, count);
	for (uint32_t i = 0; i < count; i++) {
		states[i].event = (uint32_t)r[i].event;
		states[i].atr_size = r[i].atr_size > ANTIN_MAX_ATR ? 0 : (uint32_t)r[i].atr_size;
		memcpy(states[i].atr, r[i].atr, ANTIN_MAX_ATR);
	}
	free(r);
	return (uint32_t)rv;
}

uint32_t antin_pcsc_cancel(intptr_t context) { return (uint32_t)cancel((long)context); }
uint32_t antin_pcsc_disconnect(intptr_t context) { return (uint32_t)release((long)context); }
