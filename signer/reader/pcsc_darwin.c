//go:build cgo

// The PCSC framework is a part of macOS.

#include "pcsc.h"

#include <PCSC/winscard.h>
#include <stdlib.h>
#include <string.h>

const char *antin_pcsc_load(void) { return NULL; }

uint32_t antin_pcsc_connect(intptr_t *context) {
	SCARDCONTEXT c = 0;
	int32_t rv = SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &c);
	*context = (intptr_t)c;
	return (uint32_t)rv;
}

uint32_t antin_pcsc_readers(intptr_t context, char *list, uint32_t *size) {
	return (uint32_t)SCardListReaders((SCARDCONTEXT)context, NULL, list, size);
}

uint32_t antin_pcsc_change(intptr_t context, uint32_t ms, struct antin_state *states, uint32_t count) {
	SCARD_READERSTATE_A *r = calloc(count, sizeof *r);
	if (r == NULL) return (uint32_t)SCARD_E_NO_MEMORY;
	for (uint32_t i = 0; i < count; i++) {
		r[i].szReader = states[i].name;
		r[i].dwCurrentState = states[i].current;
	}
	int32_t rv = SCardGetStatusChange((SCARDCONTEXT)context, ms, r, count);
	for (uint32_t i = 0; i < count; i++) {
		states[i].event = r[i].dwEventState;
		states[i].atr_size = r[i].cbAtr > ANTIN_MAX_ATR ? 0 : r[i].cbAtr;
		memcpy(states[i].atr, r[i].rgbAtr, ANTIN_MAX_ATR);
	}
	free(r);
	return (uint32_t)rv;
}

uint32_t antin_pcsc_cancel(intptr_t context) { return (uint32_t)SCardCancel((SCARDCONTEXT)context); }
uint32_t antin_pcsc_disconnect(intptr_t context) { return (uint32_t)SCardReleaseContext((SCARDCONTEXT)context); }
