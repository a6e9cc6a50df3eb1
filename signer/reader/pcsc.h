// The few calls of PC/SC that the package needs, in one shape for pcsc-lite and
// for the framework of macOS, whose types differ in size.

#ifndef ANTIN_PCSC_H
#define ANTIN_PCSC_H

#include <stdint.h>

enum { ANTIN_MAX_ATR = 33 };

struct antin_state {
	const char *name;
	uint32_t current, event, atr_size;
	unsigned char atr[ANTIN_MAX_ATR];
};

// antin_pcsc_load makes the library ready; NULL is good, else the reason.
const char *antin_pcsc_load(void);
uint32_t antin_pcsc_connect(intptr_t *context);
uint32_t antin_pcsc_readers(intptr_t context, char *list, uint32_t *size);
uint32_t antin_pcsc_change(intptr_t context, uint32_t ms, struct antin_state *states, uint32_t count);
uint32_t antin_pcsc_cancel(intptr_t context);
uint32_t antin_pcsc_disconnect(intptr_t context);

#endif
