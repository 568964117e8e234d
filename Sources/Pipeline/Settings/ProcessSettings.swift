import Glibc

/// What the program asks of the system for itself, before it does anything.
public enum ProcessSettings {
  /// Files that are made are for their owner only, whatever the umask was; a crash leaves no core
  /// file, for memory holds what logs say; and signals end a run between two blocks.
  public static func apply() {
    umask(0o077)
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    Interruption.install()
  }

  /// Lets the process have so many files open at once, or as many as it may where that is fewer.
  static func limitOpenFiles(to count: Int) {
    var limit = rlimit()
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    guard unsafe getrlimit(resource, &limit) == 0 else { return }
    limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
    _ = unsafe setrlimit(resource, &limit)
  }
}
