/// What each subscription used on each node in each hour, kept in partitions by month.
enum UsageHours {}
