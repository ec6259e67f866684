/* Records every change to files below SHIM_DIR, for any code in the process (LD_PRELOAD, glibc).
 *
 * Each record is one header line "op <tab> name <tab> a <tab> length" and `length` raw bytes:
 *   C create, W write at offset a, T truncate to a, S sync of a file, D sync of a folder,
 *   R rename (the bytes are the new name), U unlink.
 * SHIM_KILL_AT=n ends the process before the n-th record; SHIM_FAIL_AT=n fails that call with
 * SHIM_ERRNO, and all later ones too when SHIM_STICKY=1. Files that end in .ack are recorded but
 * never failed or counted. A process can arm and disarm the same faults for itself with shim_arm;
 * with errno 0 the n-th call, if it writes, takes only half of what it is given.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 65536
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static char *folder, *names[FILES];
static size_t folder_length;
static int trace = -1, ready, fail_errno = EIO, sticky, halve;
static long count, kill_at, fail_at;

static void put(int fd, const void *data, size_t length) {
    const char *at = data;
    while (length) {
        long done = syscall(SYS_write, fd, at, length);
        if (done <= 0) _exit(99);
        at += done;
        length -= done;
    }
}

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

static void start(void) {
    if (ready) return;
    ready = 1;
    char *wanted = getenv("SHIM_DIR"), *out = getenv("SHIM_TRACE");
    if (!wanted) return;
    folder = strdup(wanted);
    folder_length = strlen(folder);
    kill_at = number("SHIM_KILL_AT");
    fail_at = number("SHIM_FAIL_AT");
    sticky = (int)number("SHIM_STICKY");
    if (number("SHIM_ERRNO")) fail_errno = (int)number("SHIM_ERRNO");
    if (out) {
        int fd = (int)syscall(SYS_openat, AT_FDCWD, out, O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0644);
        int high = (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 60000);
        trace = high >= 0 ? high : fd;
        if (high >= 0) syscall(SYS_close, fd);
    }
}

static int inside(const char *path) {
    return folder && !strncmp(path, folder, folder_length) &&
           (path[folder_length] == '/' || !path[folder_length]);
}

static int absolute(int at, const char *path, char *out) {
    char base[PATH_MAX];
    if (path[0] == '/') return snprintf(out, PATH_MAX, "%s", path) < PATH_MAX;
    if (at == AT_FDCWD) {
        if (!getcwd(base, PATH_MAX)) return 0;
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        long length = readlink(link, base, PATH_MAX - 1);
        if (length < 0) return 0;
        base[length] = 0;
    }
    return snprintf(out, PATH_MAX, "%s/%s", base, path) < PATH_MAX;
}

static const char *name_of(int fd) { return fd >= 0 && fd < FILES ? names[fd] : NULL; }

static void record(char op, const char *name, long a, const void *data, size_t length) {
    char head[PATH_MAX + 64];
    if (trace < 0) return;
    int size = snprintf(head, sizeof head, "%c\t%s\t%ld\t%zu\n", op, name, a, length);
    put(trace, head, size);
    if (length) put(trace, data, length);
}

/* 0, or the errno with which this call has to fail. */
static int gate(const char *name) {
    size_t length = strlen(name);
    if (length > 4 && (!strcmp(name + length - 4, ".ack") || !strcmp(name + length - 4, "-shm"))) return 0;
    count++;
    if (kill_at && count == kill_at) kill(getpid(), SIGKILL);
    halve = fail_at && count == fail_at && !fail_errno;
    if (fail_at && (count == fail_at || (sticky && count > fail_at))) return fail_errno;
    return 0;
}

/* From now on: fail the at-th call (0: none) with this errno, and all later ones if it sticks. */
void shim_arm(long at, int error, int sticks) {
    count = 0;
    fail_at = at;
    fail_errno = error;
    sticky = sticks;
    halve = 0;
}

/* How many calls could have failed since shim_arm. */
long shim_count(void) { return count; }

#define ENTER start(); pthread_mutex_lock(&lock)
#define LEAVE pthread_mutex_unlock(&lock)
#define FAIL(error) do { LEAVE; errno = error; return -1; } while (0)

static void forget(int fd) {
    if (fd >= 0 && fd < FILES && names[fd]) {
        free(names[fd]);
        names[fd] = NULL;
    }
}

static int do_open(int at, const char *path, int flags, int mode) {
    char full[PATH_MAX];
    struct stat state;
    ENTER;
    if (!folder || !absolute(at, path, full) || !inside(full)) {
        int fd = (int)syscall(SYS_openat, at, path, flags, mode);
        int kept = errno;
        forget(fd);
        LEAVE;
        errno = kept;
        return fd;
    }
    int there = !stat(full, &state), error;
    if ((flags & O_CREAT) && !there && (error = gate(full))) FAIL(error);
    int fd = (int)syscall(SYS_openat, at, path, flags, mode), kept = errno;
    if (fd >= 0 && fd < FILES) {
        forget(fd);
        names[fd] = strdup(full);
        if ((flags & O_CREAT) && !there) record('C', full, 0, NULL, 0);
        else if ((flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY) record('T', full, 0, NULL, 0);
    }
    LEAVE;
    errno = kept;
    return fd;
}

#define MODE int mode = 0; if (flags & (O_CREAT | __O_TMPFILE)) { va_list rest; va_start(rest, flags); mode = va_arg(rest, int); va_end(rest); }
int open(const char *path, int flags, ...) { MODE return do_open(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return do_open(AT_FDCWD, path, flags | O_LARGEFILE, mode); }
int openat(int at, const char *path, int flags, ...) { MODE return do_open(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE return do_open(at, path, flags | O_LARGEFILE, mode); }

int close(int fd) {
    ENTER;
    if (fd >= 0 && fd == trace) FAIL(EBADF);
    forget(fd);
    int done = (int)syscall(SYS_close, fd), kept = errno;
    LEAVE;
    errno = kept;
    return done;
}

static ssize_t do_write(int fd, const void *data, size_t length, off_t offset, int placed) {
    const char *name = name_of(fd);
    int error;
    if (!name)
        return placed ? syscall(SYS_pwrite64, fd, data, length, offset) : syscall(SYS_write, fd, data, length);
    ENTER;
    if ((error = gate(name))) FAIL(error);
    if (halve && length > 1) length /= 2;
    if (!placed) offset = lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
    ssize_t done = placed ? syscall(SYS_pwrite64, fd, data, length, offset) : syscall(SYS_write, fd, data, length);
    int kept = errno;
    if (done > 0) record('W', name, offset, data, done);
    LEAVE;
    errno = kept;
    return done;
}

ssize_t write(int fd, const void *data, size_t length) { start(); return do_write(fd, data, length, 0, 0); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { start(); return do_write(fd, data, length, offset, 1); }
ssize_t pwrite64(int fd, const void *data, size_t length, off_t offset) { start(); return do_write(fd, data, length, offset, 1); }

ssize_t writev(int fd, const struct iovec *parts, int many) {
    start();
    if (!name_of(fd)) return syscall(SYS_writev, fd, parts, many);
    ssize_t total = 0;
    for (int i = 0; i < many; i++) {
        ssize_t done = do_write(fd, parts[i].iov_base, parts[i].iov_len, 0, 0);
        if (done < 0) return total ? total : -1;
        total += done;
        if ((size_t)done < parts[i].iov_len) break;
    }
    return total;
}

/* Copies inside the kernel would pass unseen: make the caller write instead. */
ssize_t sendfile(int out, int in, off_t *offset, size_t length) {
    start();
    if (name_of(out)) { errno = ENOTSOCK; return -1; }
    return syscall(SYS_sendfile, out, in, offset, length);
}
ssize_t sendfile64(int out, int in, off_t *offset, size_t length) { return sendfile(out, in, offset, length); }
ssize_t copy_file_range(int in, off_t *from, int out, off_t *to, size_t length, unsigned flags) {
    start();
    if (name_of(out)) { errno = ENOSYS; return -1; }
    return syscall(SYS_copy_file_range, in, from, out, to, length, flags);
}

static int do_sync(int fd, long call) {
    const char *name = name_of(fd);
    struct stat state;
    int error;
    if (!name) return (int)syscall(call, fd);
    ENTER;
    if ((error = gate(name))) FAIL(error);
    int done = (int)syscall(call, fd), kept = errno;
    if (!done) {
        fstat(fd, &state);
        record(S_ISDIR(state.st_mode) ? 'D' : 'S', name, 0, NULL, 0);
    }
    LEAVE;
    errno = kept;
    return done;
}
int fsync(int fd) { start(); return do_sync(fd, SYS_fsync); }
int fdatasync(int fd) { start(); return do_sync(fd, SYS_fdatasync); }

static int do_truncate(int fd, off_t length) {
    const char *name = name_of(fd);
    int error;
    if (!name) return (int)syscall(SYS_ftruncate, fd, length);
    ENTER;
    if ((error = gate(name))) FAIL(error);
    int done = (int)syscall(SYS_ftruncate, fd, length), kept = errno;
    if (!done) record('T', name, length, NULL, 0);
    LEAVE;
    errno = kept;
    return done;
}
int ftruncate(int fd, off_t length) { start(); return do_truncate(fd, length); }
int ftruncate64(int fd, off_t length) { start(); return do_truncate(fd, length); }

static int do_unlink(int at, const char *path, int flags) {
    char full[PATH_MAX];
    int error;
    ENTER;
    if (!folder || !absolute(at, path, full) || !inside(full)) {
        LEAVE;
        return (int)syscall(SYS_unlinkat, at, path, flags);
    }
    if (!(flags & AT_REMOVEDIR) && (error = gate(full))) FAIL(error);
    int done = (int)syscall(SYS_unlinkat, at, path, flags), kept = errno;
    if (!done && !(flags & AT_REMOVEDIR)) record('U', full, 0, NULL, 0);
    LEAVE;
    errno = kept;
    return done;
}
int unlink(const char *path) { return do_unlink(AT_FDCWD, path, 0); }
int unlinkat(int at, const char *path, int flags) { return do_unlink(at, path, flags); }
int remove(const char *path) {
    struct stat state;
    return do_unlink(AT_FDCWD, path, !lstat(path, &state) && S_ISDIR(state.st_mode) ? AT_REMOVEDIR : 0);
}

static int do_rename(int at, const char *from, int to_at, const char *to) {
    char old[PATH_MAX], new[PATH_MAX];
    int error;
    ENTER;
    if (!folder || !absolute(at, from, old) || !absolute(to_at, to, new) || !(inside(old) || inside(new))) {
        LEAVE;
        return (int)syscall(SYS_renameat2, at, from, to_at, to, 0);
    }
    if ((error = gate(new))) FAIL(error);
    int done = (int)syscall(SYS_renameat2, at, from, to_at, to, 0), kept = errno;
    if (!done) record('R', old, 0, new, strlen(new));
    LEAVE;
    errno = kept;
    return done;
}
int rename(const char *from, const char *to) { return do_rename(AT_FDCWD, from, AT_FDCWD, to); }
int renameat(int at, const char *from, int to_at, const char *to) { return do_rename(at, from, to_at, to); }
