package disk

import "golang.org/x/sys/unix"

// networkFiles are the file systems of other machines, by the number that
// statfs(2) gives.
var networkFiles = map[int64]string{
	0x6969: "NFS", 0x517b: "SMB", 0xff534d42: "CIFS", 0xfe534d42: "SMB2", 0x01021997: "9P", 0x5346414f: "AFS",
	0x00c36400: "Ceph", 0x0bd00bd0: "Lustre", 0x47504653: "GPFS", 0x73757245: "Coda",
}

// NetworkFS names the network file system that a folder is on, empty for a
// disk of this machine and where it cannot be told.
func NetworkFS(path string) string {
	var s unix.Statfs_t
	if err := unix.Statfs(path, &s); err != nil {
		return ""
	}
	return networkFiles[int64(uint32(s.Type))]
}
