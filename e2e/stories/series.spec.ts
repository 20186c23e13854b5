import { expect, test } from '../support/practice.ts'
import { expectAccessible, expectNoSidewaysScroll } from '../support/axe.ts'
import { linkIn } from '../support/mailbox.ts'
import { become } from '../support/people.ts'
import type { Page } from '@playwright/test'

// Months pass in it.
test.use({ alone: true, timezoneId: 'Europe/London' })

const places = (page: Page) => page.getByRole('main').getByRole('table')
const said = (page: Page, words: string) => expect(page.getByRole('status').filter({ hasText: words })).toBeVisible()
const DAY = 24 * 60

/** The next such weekday at least so many days from a moment, as a form takes it. */
function nextDay(now: Date, weekday: number, days: number): string {
  const day = new Date(now.getTime() + days * DAY * 60_000)
  while (day.getUTCDay() !== weekday) day.setUTCDate(day.getUTCDate() + 1)
  return day.toISOString().slice(0, 10)
}

test('a standing place is made, seen, left out once, and keeps its time of day when the clocks change', async ({ page, another, mailbox, clock, watch }) => {
  test.setTimeout(180_000)
  watch.expect(/422/)
  await become(page, 'Ada')
  await page.goto('/admin/series')
  await expect(page.getByRole('heading', { level: 1, name: 'Standing places' })).toBeVisible()
  await expect(places(page).getByRole('rowheader', { name: 'Rosa Lind' })).toBeVisible()
  await expect(places(page)).toContainText('Every Monday, 10:00')
  await expectAccessible(page, 'the list of places')
  await expectNoSidewaysScroll(page, 'the list of places')

  // What is wrong is said beside the form, and nothing is lost.
  const first = nextDay(await clock.now(), 2, 8)
  await page.getByLabel('Client', { exact: true }).selectOption({ label: 'Callum Reid' })
  await page.getByLabel('How often').selectOption({ label: 'Every week' })
  await page.getByLabel('First session').fill(first)
  await page.getByLabel('Time', { exact: true }).fill('16:00')
  await page.getByRole('button', { name: 'Keep this place' }).click()
  await expect(page.getByRole('alert')).toContainText('Something is in the way')
  await expect(page.getByText(/^Free near that time/)).toBeVisible()
  await expectAccessible(page, 'a place that is taken')

  await page.getByLabel('Time', { exact: true }).fill('10:00')
  await page.getByRole('button', { name: 'Keep this place' }).click()
  await said(page, 'The place is kept.')
  await expect(places(page).getByRole('rowheader', { name: 'Callum Reid' })).toBeVisible()
  await expect(places(page)).toContainText('Every Tuesday, 10:00')

  // One mail, however many sessions.
  await clock.pastSecondThoughts()
  const mail = await mailbox.first('callum.reid@example.org', ({ subject }) => subject === 'Your regular appointment')
  expect(mail.text).toContain('Every Tuesday, 10:00 to 10:50 (London time)')
  expect(mail.text).not.toMatch(/therap|counsel|psych|mental|Callum/i)

  // She sees it, and leaves one out that is far ahead.
  const client = await another({ timezoneId: 'Europe/London' })
  await become(client, 'Callum')
  const card = client.getByRole('main').locator('section').filter({ has: client.getByRole('heading', { level: 2, name: 'Your regular time' }) })
  await expect(card).toContainText('Every Tuesday, 10:00')
  await expect(card.getByRole('listitem')).toHaveCount(4)
  await expectAccessible(client, 'the card of a place')
  const second = card.getByRole('listitem').nth(1)
  const day = (await second.locator('time').innerText()).trim()
  await second.getByRole('link', { name: /^Leave out/ }).click()
  await expect(client.getByRole('heading', { level: 1, name: 'Cancel this session?' })).toBeVisible()
  await client.getByRole('button', { name: 'Cancel the session' }).click()
  await said(client, 'The session is cancelled.')
  await expect(card.getByText(day)).toHaveCount(0)
  await expect(card.getByRole('listitem')).toHaveCount(4)

  // Half a year later it is still kept ahead, and still at ten.
  for (let month = 0; month < 7; month++) await clock.forward(28 * DAY)
  await become(client, 'Callum')
  await expect(card.getByRole('listitem')).toHaveCount(4)
  for (const item of await card.getByRole('listitem').all()) await expect(item).toContainText(/Tuesday \d+ \w+, 10:00/)
})

test('an absence is planned, looked at and done in one go', async ({ page, mailbox, clock }) => {
  test.slow()
  await become(page, 'Ada')
  await page.goto('/admin/series')
  await page.getByRole('link', { name: 'Plan time away' }).click()
  const from = nextDay(await clock.now(), 1, 8)
  const to = new Date(new Date(`${from}T00:00:00Z`).getTime() + 2 * DAY * 60_000).toISOString().slice(0, 10)
  await page.getByLabel('First day').fill(from)
  await page.getByLabel('Last day').fill(to)
  await page.getByRole('button', { name: 'See who is affected' }).click()
  const plan = page.getByRole('main').locator('#plan')
  await expect(plan).toContainText('Nothing has been sent yet.')
  await expect(plan.getByRole('group', { name: /Rosa Lind/ })).toBeVisible()
  await expectAccessible(page, 'the plan')
  await expectNoSidewaysScroll(page, 'the plan')
  await plan.getByRole('group', { name: /Rosa Lind/ }).getByRole('radio').nth(1).check()
  await plan.getByRole('button', { name: 'Take this time off' }).click()
  await said(page, 'everybody it concerns is told once')
  await clock.pastSecondThoughts()
  const mail = await mailbox.first('rosa.lind@example.org', ({ subject }) => subject.startsWith('Your appointment'))
  expect(mail.text).not.toMatch(/therap|counsel|psych|mental|Rosa/i)
})

test('times are only offered in place of a session, and its client takes one with one press', async ({ page, another, mailbox, clock }) => {
  test.slow()
  await become(page, 'Ada')
  const from = nextDay(await clock.now(), 1, 8)
  await page.goto(`/admin/absence?from=${from}&to=${from}`)
  const rosa = page.getByRole('main').getByRole('group', { name: /Rosa Lind/ })
  await rosa.getByRole('radio', { name: 'Cancel it, and offer these times to choose from' }).check()
  await page.getByRole('button', { name: 'Take this time off' }).click()
  await said(page, 'everybody it concerns is told once')
  await expect(page.getByRole('main')).toContainText('Waiting for an answer')
  await expectAccessible(page, 'times that were offered')
  await clock.pastSecondThoughts()
  const mail = await mailbox.first('rosa.lind@example.org', ({ subject }) => subject === 'Choose another time')
  expect(mail.text).not.toMatch(/therap|counsel|psych|session|Rosa/i)

  const phone = await another()
  await phone.goto(linkIn(mail, '/make-up/'))
  await expect(phone.getByRole('heading', { level: 1, name: 'Choose another time' })).toBeVisible()
  await phone.reload()
  await expectAccessible(phone, 'times to choose from')
  await expectNoSidewaysScroll(phone, 'times to choose from')
  await phone.getByRole('button', { name: /^\w+day \d/ }).first().click()
  await expect(phone.getByRole('main')).toContainText('It is yours.')
  await page.reload()
  await expect(page.getByRole('main')).toContainText('Taken')
})
