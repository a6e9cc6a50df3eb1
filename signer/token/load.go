package token

/*
#cgo linux LDFLAGS: -ldl
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef _WIN32
#include <windows.h>
#include <io.h>
#else
#include <dlfcn.h>
#endif

// CK_FUNCTION_LIST: a version, then pointers in the order of pkcs11f.h. On
// Windows the structures of PKCS #11 are packed to one byte.
#ifdef _WIN32
#pragma pack(push, 1)
#endif
struct antin_functions { unsigned char major, minor; void *f[44]; };
#ifdef _WIN32
#pragma pack(pop)
#endif
enum { ANTIN_C_SETPIN = 11, ANTIN_C_LOGIN = 18, ANTIN_C_SIGN = 43 };

// The functions that are called: a module that leaves one of them out would
// make the binding jump to address 0.
static const int antin_needed[] = {
	0, 4, 5, 6, 7, // C_Initialize, C_GetSlotList, C_GetSlotInfo, C_GetTokenInfo, C_GetMechanismList
	12, 13, ANTIN_C_LOGIN, 19, // C_OpenSession, C_CloseSession, C_Logout
	24, 26, 27, 28, 42, ANTIN_C_SIGN, // C_GetAttributeValue, C_FindObjects{Init,,Final}, C_SignInit
};

typedef unsigned long (*antin_get_list)(struct antin_functions **);
typedef unsigned long (*antin_login_fn)(unsigned long, unsigned long, unsigned char *, unsigned long);
typedef unsigned long (*antin_setpin_fn)(unsigned long, unsigned char *, unsigned long, unsigned char *, unsigned long);
typedef unsigned long (*antin_sign_fn)(unsigned long, unsigned char *, unsigned long, unsigned char *, unsigned long *);

// antin_load maps the library and asks it for its functions. 0 is good, 1 means
// that it could not be mapped (the reason is in text), 2 that it has no entry
// point, 3 that the entry point failed with *rv, 4 that it gave no list, 5 that
// function *rv is missing from the list.
static int antin_load(const char *path, struct antin_functions **list, unsigned long *rv, char *text, size_t size) {
	antin_get_list get = NULL;
#ifdef _WIN32
	_dup2(2, 1); // the C runtime was set up before standard output was guarded
	// Only the folder of the module and System32 are searched for what it needs.
	HMODULE h = LoadLibraryExA(path, NULL, 0x00000100 | 0x00000800);
	if (h == NULL) {
		snprintf(text, size, "LoadLibraryEx: error %lu", (unsigned long)GetLastError());
		return 1;
	}
	get = (antin_get_list)(void *)GetProcAddress(h, "C_GetFunctionList");
#else
	void *h = dlopen(path, RTLD_LAZY);
	if (h == NULL) {
		const char *why = dlerror();
		snprintf(text, size, "%s", why ? why : "dlopen");
		return 1;
	}
	get = (antin_get_list)dlsym(h, "C_GetFunctionList");
#endif
	if (get == NULL) return 2;
	*list = NULL;
	*rv = get(list);
	if (*rv != 0) return 3;
	if (*list == NULL) return 4;
	for (size_t i = 0; i < sizeof antin_needed / sizeof *antin_needed; i++) {
		if ((*list)->f[antin_needed[i]] == NULL) {
			*rv = antin_needed[i];
			return 5;
		}
	}
	return 0;
}

static unsigned long antin_login(struct antin_functions *list, unsigned long session, unsigned long user, unsigned char *pin, unsigned long len) {
	return ((antin_login_fn)list->f[ANTIN_C_LOGIN])(session, user, pin, len);
}

static unsigned long antin_setpin(struct antin_functions *list, unsigned long session, unsigned char *old, unsigned long oldlen, unsigned char *new, unsigned long newlen) {
	if (list->f[ANTIN_C_SETPIN] == NULL) return 0x54; // CKR_FUNCTION_NOT_SUPPORTED
	return ((antin_setpin_fn)list->f[ANTIN_C_SETPIN])(session, old, oldlen, new, newlen);
}

static unsigned long antin_sign(struct antin_functions *list, unsigned long session, unsigned char *in, unsigned long inlen, unsigned char *out, unsigned long *outlen) {
	return ((antin_sign_fn)list->f[ANTIN_C_SIGN])(session, in, inlen, out, outlen);
}
*/
import "C"

import (
	"path/filepath"
	"runtime"
	"unsafe"

	"github.com/miekg/pkcs11"
)

// cryptoki is the part of PKCS #11 that the helper uses.
type cryptoki interface {
	GetSlotList(tokenPresent bool) ([]uint, error)
	GetSlotInfo(slot uint) (pkcs11.SlotInfo, error)
	GetTokenInfo(slot uint) (pkcs11.TokenInfo, error)
	GetMechanismList(slot uint) ([]*pkcs11.Mechanism, error)
	OpenSession(slot, flags uint) (pkcs11.SessionHandle, error)
	CloseSession(pkcs11.SessionHandle) error
	Login(s pkcs11.SessionHandle, user uint, pin []byte) error // nil: the token asks for the PIN itself
	Logout(pkcs11.SessionHandle) error
	SetPIN(s pkcs11.SessionHandle, old, new []byte) error // nil: likewise
	FindObjectsInit(pkcs11.SessionHandle, []*pkcs11.Attribute) error
	FindObjects(pkcs11.SessionHandle, int) ([]pkcs11.ObjectHandle, bool, error)
	FindObjectsFinal(pkcs11.SessionHandle) error
	GetAttributeValue(pkcs11.SessionHandle, pkcs11.ObjectHandle, []*pkcs11.Attribute) ([]*pkcs11.Attribute, error)
	SignInit(pkcs11.SessionHandle, []*pkcs11.Mechanism, pkcs11.ObjectHandle) error
	Sign(pkcs11.SessionHandle, []byte) ([]byte, error)
}

// library is a module in memory. It is never finalized or unloaded: both are
// known to crash vendor modules, and the process ends anyway.
type library struct {
	*pkcs11.Ctx
	functions *C.struct_antin_functions
}

// load maps and initialises the module. Loading it here first gives the reasons
// that the binding keeps to itself, and C_Login without copies of the PIN.
func load(path string) (*library, error) {
	if err := Inspect(path); err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return nil, refuse(ErrNoModule, "%v", err)
	}
	if runtime.GOOS == "windows" && !isASCII(real) {
		return nil, refuse(ErrNotModule, "%q: the path must be ASCII on Windows", real)
	}
	name := C.CString(real)
	defer C.free(unsafe.Pointer(name))
	text := (*C.char)(C.calloc(1, 1024))
	defer C.free(unsafe.Pointer(text))
	var rv C.ulong
	lib := &library{}
	switch C.antin_load(name, &lib.functions, &rv, text, 1024) {
	case 1:
		return nil, refuse(ErrNotModule, "%q cannot be loaded: %s", real, C.GoString(text))
	case 2:
		return nil, refuse(ErrNotModule, "%q has no %s", real, entryPoint)
	case 3:
		return nil, &Error{Err: ErrDriver, Function: entryPoint, CKR: uint(rv)}
	case 4:
		return nil, refuse(ErrNotModule, "%q returns no list of functions", real)
	case 5:
		return nil, refuse(ErrNotModule, "%q leaves out function %d of the list", real, uint(rv))
	}
	if lib.Ctx = pkcs11.New(real); lib.Ctx == nil {
		return nil, refuse(ErrNotModule, "%q cannot be loaded", real)
	}
	err = lib.Initialize()
	switch ckr(err) {
	case pkcs11.CKR_CANT_LOCK, pkcs11.CKR_ARGUMENTS_BAD, pkcs11.CKR_NEED_TO_CREATE_THREADS:
		err = lib.Initialize(pkcs11.InitializeWithFlags(0)) // calls are serial in any case
	}
	if err != nil && ckr(err) != pkcs11.CKR_CRYPTOKI_ALREADY_INITIALIZED {
		return nil, failed("C_Initialize", err)
	}
	return lib, nil
}

// Login calls C_Login with the caller's bytes; the binding's own Login would
// leave copies of the PIN in freed memory.
func (l *library) Login(s pkcs11.SessionHandle, user uint, pin []byte) error {
	rv := C.antin_login(l.functions, C.ulong(s), C.ulong(user), first(pin), C.ulong(len(pin)))
	runtime.KeepAlive(pin)
	return result(rv)
}

// SetPIN calls C_SetPIN with the caller's bytes, as Login does.
func (l *library) SetPIN(s pkcs11.SessionHandle, old, new []byte) error {
	rv := C.antin_setpin(l.functions, C.ulong(s), first(old), C.ulong(len(old)), first(new), C.ulong(len(new)))
	runtime.KeepAlive(old)
	runtime.KeepAlive(new)
	return result(rv)
}

// Sign calls C_Sign once. The binding asks for the length before, which some
// modules refuse and others answer by making the signature.
func (l *library) Sign(s pkcs11.SessionHandle, input []byte) ([]byte, error) {
	out := make([]byte, 1024) // RSA-8192
	n := C.ulong(len(out))
	rv := C.antin_sign(l.functions, C.ulong(s), first(input), C.ulong(len(input)), first(out), &n)
	if rv == pkcs11.CKR_BUFFER_TOO_SMALL && n > C.ulong(len(out)) && n <= maxAttribute { // does not end the operation (PKCS #11, 5.2)
		out = make([]byte, n)
		rv = C.antin_sign(l.functions, C.ulong(s), first(input), C.ulong(len(input)), first(out), &n)
	}
	runtime.KeepAlive(input)
	if err := result(rv); err != nil {
		return nil, err
	}
	return out[:min(uint64(n), uint64(len(out)))], nil
}

func first(b []byte) *C.uchar { return (*C.uchar)(unsafe.SliceData(b)) }

func result(rv C.ulong) error {
	if rv != pkcs11.CKR_OK {
		return pkcs11.Error(rv)
	}
	return nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}
