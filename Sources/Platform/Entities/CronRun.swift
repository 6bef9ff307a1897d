/// The run of one slot of a scheduled job, which a worker claims with a lease.
enum CronRun {}
