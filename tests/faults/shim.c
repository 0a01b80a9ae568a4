/* Stands between a program and the C library (LD_PRELOAD) and disturbs what it writes under one folder.
 *
 * Every call that changes a file there counts: write, pwrite, sendfile, fsync, fdatasync, ftruncate, unlink, rename, mkdir, and an open that creates
 * or empties. The call of a chosen number is killed before or after, torn, or fails with a chosen error, once or from then on.
 * Arm it with shim_arm, or before the program starts with SHIM="folder:how:classes:error:at:lasting".
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum how { REST, COUNT, KILL_BEFORE, KILL_AFTER, TEAR, FAIL };
enum class { WRITE = 1, SYNC = 2, GROW = 4, DROP = 8 };

static char folder[PATH_MAX];
static enum how how = REST;
static int classes, error, lasting, log_fd = -1, tape_fd = -1;
static long at, calls, hits;

void shim_arm(const char *where, int what, int of, int with, long number, int from_then_on) {
    snprintf(folder, sizeof folder, "%s/", where);
    classes = of, error = with, at = number, lasting = from_then_on;
    calls = hits = 0;
    how = what;
}

void shim_log(int fd) { log_fd = fd; }
void shim_tape(int fd) { tape_fd = fd; }
long shim_hits(void) { return hits; }

__attribute__((constructor)) static void begin(void) {
    const char *given = getenv("SHIM");
    char where[PATH_MAX];
    int what, of, with, from_then_on;
    long number;
    if (given == NULL)
        return;
    if (sscanf(given, "%4095[^:]:%d:%d:%d:%ld:%d", where, &what, &of, &with, &number, &from_then_on) != 6)
        abort();
    shim_arm(where, what, of, with, number, from_then_on);
}

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

static int below(const char *path) { return how != REST && strncmp(path, folder, strlen(folder)) == 0; }

static char *path_of(int fd, char *path) {
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = 0;
    return path;
}

/* Count a call and say whether it is the one to be disturbed. */
static int hit(enum class class, const char *name, const char *path, size_t size) {
    if (!below(path) || !(classes & class))
        return 0;
    long number = __atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST);
    if (log_fd >= 0) {
        char line[PATH_MAX + 64];
        int length = snprintf(line, sizeof line, "%d %s %zu %s\n", class, name, size, path + strlen(folder));
        syscall(SYS_write, log_fd, line, length);
    }
    if (how == COUNT || !(number == at || (lasting && number > at)))
        return 0;
    __atomic_add_fetch(&hits, 1, __ATOMIC_SEQ_CST);
    if (how == KILL_BEFORE)
        die();
    return 1;
}

/* Put a call that was done on the tape, with what was written and where. */
static void record(const char *name, const char *path, off_t offset, const void *data, size_t size) {
    char line[PATH_MAX + 64];
    if (tape_fd < 0 || !below(path))
        return;
    int length = snprintf(line, sizeof line, "%s %lld %zu %s\n", name, (long long)offset, size, path + strlen(folder));
    syscall(SYS_write, tape_fd, line, length);
    if (size > 0)
        syscall(SYS_write, tape_fd, data, size);
}

/* Do a call under the fault that hit it; the macro's last word is the call itself. */
#define DISTURBED(class, name, path, size, call)                                                                                       \
    do {                                                                                                                               \
        int struck = hit(class, name, path, size);                                                                                     \
        if (struck && how == FAIL) {                                                                                                   \
            errno = error;                                                                                                             \
            return -1;                                                                                                                 \
        }                                                                                                                              \
        long result = (call);                                                                                                          \
        if (struck)                                                                                                                    \
            die();                                                                                                                     \
        if (result >= 0)                                                                                                               \
            record(name, path, size, NULL, 0);                                                                                         \
        return result;                                                                                                                 \
    } while (0)

/* A write can be torn: whole sectors of it reach the disk, or half of what is smaller. A disk that fills up takes the first part, too. */
static ssize_t written(const char *name, int fd, const void *data, size_t size, off_t offset) {
    char path[PATH_MAX];
    int struck = how != REST && hit(WRITE, name, path_of(fd, path), size);
    size_t part = size;
    if (struck && (how == TEAR || (how == FAIL && error == ENOSPC && lasting && hits == 1)))
        part = size > 1024 ? size / 2 / 512 * 512 : size / 2;
    else if (struck && how == FAIL) {
        errno = error;
        return -1;
    }
    off_t where = offset < 0 && tape_fd >= 0 ? lseek(fd, 0, SEEK_CUR) : offset;
    ssize_t result = offset < 0 ? syscall(SYS_write, fd, data, part) : syscall(SYS_pwrite64, fd, data, part, offset);
    if (struck && how != FAIL)
        die();
    if (result > 0 && tape_fd >= 0)
        record("write", path_of(fd, path), where, data, result);
    return result;
}

ssize_t write(int fd, const void *data, size_t size) { return written("write", fd, data, size, -1); }
ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) { return written("pwrite", fd, data, size, offset); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return written("pwrite", fd, data, size, offset); }

/* What one file is copied into another by, a torn one in half. */
ssize_t sendfile64(int out, int in, off_t *offset, size_t size) {
    char path[PATH_MAX];
    int struck = how != REST && hit(WRITE, "sendfile", path_of(out, path), size);
    if (struck && how == FAIL) {
        errno = error;
        return -1;
    }
    ssize_t result = syscall(SYS_sendfile, out, in, offset, struck && how == TEAR ? 1024 : size);
    if (struck)
        die();
    return result;
}
ssize_t sendfile(int out, int in, off_t *offset, size_t size) { return sendfile64(out, in, offset, size); }

int fsync(int fd) {
    char path[PATH_MAX];
    struct stat at_fd;
    if (how != REST && fstat(fd, &at_fd) == 0 && S_ISDIR(at_fd.st_mode))
        strcat(path_of(fd, path), "/"); /* the folder itself is one of its files */
    else
        path_of(fd, path);
    DISTURBED(SYNC, "fsync", path, 0, syscall(SYS_fsync, fd));
}

int fdatasync(int fd) {
    char path[PATH_MAX];
    DISTURBED(SYNC, "fdatasync", path_of(fd, path), 0, syscall(SYS_fdatasync, fd));
}

int ftruncate64(int fd, off_t size) {
    char path[PATH_MAX];
    struct stat now;
    enum class class = fstat(fd, &now) == 0 && now.st_size < size ? GROW : DROP;
    DISTURBED(class, "ftruncate", path_of(fd, path), size, syscall(SYS_ftruncate, fd, size));
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int unlink(const char *path) { DISTURBED(DROP, "unlink", path, 0, syscall(SYS_unlinkat, AT_FDCWD, path, 0)); }

int mkdir(const char *path, mode_t mode) { DISTURBED(GROW, "mkdir", path, 0, syscall(SYS_mkdirat, AT_FDCWD, path, mode)); }

int rename(const char *from, const char *to) { DISTURBED(GROW, "rename", to, 0, syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0)); }

static int opened(const char *path, int flags, mode_t mode) {
    struct stat there;
    if (below(path) && ((flags & O_TRUNC) || ((flags & O_CREAT) && stat(path, &there) != 0)))
        DISTURBED(GROW, "create", path, 0, syscall(SYS_openat, AT_FDCWD, path, flags, mode));
    return syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

#define OPEN(name)                                                                                                                     \
    int name(const char *path, int flags, ...) {                                                                                       \
        va_list rest;                                                                                                                  \
        va_start(rest, flags);                                                                                                         \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;                                                        \
        va_end(rest);                                                                                                                  \
        return opened(path, flags, mode);                                                                                              \
    }
OPEN(open)
OPEN(open64)
