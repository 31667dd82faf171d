package disk

import "testing"

func TestDiskOfTheMachineIsNoNetworkFileSystem(t *testing.T) {
	if name := NetworkFS(t.TempDir()); name != "" {
		t.Skipf("the temporary folder is on %s", name)
	}
	if name := NetworkFS("/proc"); name != "" {
		t.Errorf("/proc is taken for %s", name)
	}
}
