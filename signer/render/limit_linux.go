package render

import "syscall"

// limitMemory makes a file that unpacks to more than 3 GiB kill its helper and
// not the desk. RLIMIT_DATA, because the address space that Go reserves is no
// memory. A kernel that refuses leaves things as they are.
func limitMemory() {
	const most = 3 << 30
	var now syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_DATA, &now); err != nil {
		return
	}
	now.Cur = min(now.Cur, now.Max, most)
	_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &now)
}
