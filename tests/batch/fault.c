/* Makes one call of the C library fail: the Nth open, read, write, fsync, syncfs or rename below a folder.
   Loaded with LD_PRELOAD; armed by fault_arm(), which a test calls through ctypes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static char call[16], root[4096];
static int at, number, count;

void fault_arm(const char *which, int nth, int error, const char *below) {
  strncpy(call, which, sizeof call - 1);
  strncpy(root, below, sizeof root - 1);
  at = nth, number = error, count = 0;
}

int fault_count(void) { return count; }

static int hit(const char *which, const char *path) {
  if (!*root || strcmp(which, call) || strncmp(path, root, strlen(root))) return 0;
  if (__sync_add_and_fetch(&count, 1) != at) return 0;
  errno = number;
  return 1;
}

static int hit_descriptor(const char *which, int descriptor) {
  char link[64], path[4096];
  if (!*root || strcmp(which, call)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t size = readlink(link, path, sizeof path - 1);
  if (size < 0) return 0;
  path[size] = 0;
  return hit(which, path);
}

/* A folder below which files are written counts as well. */
static int hit_folder(const char *which, int descriptor) {
  char link[64], path[4096];
  if (!*root || strcmp(which, call)) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t size = readlink(link, path, sizeof path - 2);
  if (size < 0) return 0;
  path[size] = '/', path[size + 1] = 0;
  return hit(which, path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int open(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = va_arg(list, mode_t);
  va_end(list);
  return hit("open", path) ? -1 : REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  va_list list;
  va_start(list, flags);
  mode_t mode = va_arg(list, mode_t);
  va_end(list);
  return hit("open", path) ? -1 : REAL(open64)(path, flags, mode);
}

ssize_t read(int descriptor, void *data, size_t size) {
  return hit_descriptor("read", descriptor) ? -1 : REAL(read)(descriptor, data, size);
}

ssize_t write(int descriptor, const void *data, size_t size) {
  return hit_descriptor("write", descriptor) ? -1 : REAL(write)(descriptor, data, size);
}

ssize_t pread64(int descriptor, void *data, size_t size, off64_t from) {
  return hit_descriptor("read", descriptor) ? -1 : REAL(pread64)(descriptor, data, size, from);
}

int fsync(int descriptor) { return hit_descriptor("fsync", descriptor) ? -1 : REAL(fsync)(descriptor); }

int fdatasync(int descriptor) { return hit_descriptor("fsync", descriptor) ? -1 : REAL(fdatasync)(descriptor); }

int syncfs(int descriptor) { return hit_folder("syncfs", descriptor) ? -1 : REAL(syncfs)(descriptor); }

int rename(const char *from, const char *to) { return hit("rename", to) ? -1 : REAL(rename)(from, to); }
