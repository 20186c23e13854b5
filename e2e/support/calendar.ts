/** A day of the practice, as forms take it and as pages say it. */
export interface Day {
  iso: string
  words: string
}

const zone = 'Europe/London'
const names = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

/** A weekday of the week so many weeks after the one of `now`. */
export function dayOf(now: Date, name: (typeof names)[number], weeks: number): Day {
  const noon = new Date(`${new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(now)}T12:00:00Z`)
  const ahead = 7 * weeks + names.indexOf(name) - ((noon.getUTCDay() + 6) % 7)
  noon.setUTCDate(noon.getUTCDate() + ahead)
  const month = new Intl.DateTimeFormat('en-GB', { month: 'long', timeZone: 'UTC' }).format(noon)
  return { iso: noon.toISOString().slice(0, 10), words: `${name} ${noon.getUTCDate()} ${month}` }
}
