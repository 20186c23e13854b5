import { expect, stranger, test } from '../support/practice.ts'
import { expectAccessible } from '../support/axe.ts'
import { book, cancel, chooseHere, chooseTime, dayHere, days, expectBooked, expectCrisisStrip, fillDetails, moveByLink, next, times } from '../support/booking.ts'
import { linkIn } from '../support/mailbox.ts'
import type { Page } from '@playwright/test'

// Stories run side by side, also on another screen: each takes a day and time of its own.
const place = (nth: number) => nth + (test.info().project.name === 'phone' ? 7 : 0)

test('a visitor finds the free call and what it is', async ({ page }) => {
  await page.goto('/book')
  // The only thing anyone can book needs no list.
  await expectCrisisStrip(page)
  await expect(page).toHaveURL(/\/book\/discovery-call/)
  await expect(page.getByRole('grid')).toBeVisible()
})

test('a visitor reads about a therapist, and books a call with him', async ({ page }) => {
  await page.goto('/about')
  await page.getByRole('link', { name: 'Free times with Samir' }).click()
  const whom = page.getByRole('navigation', { name: 'With' })
  await expect(whom.locator('[aria-current]')).toHaveText('Samir')
  await expectAccessible(page, 'choosing a time with somebody')
  // Another month, and he is still the one.
  await chooseHere(page, place(9))
  await next(page).click()
  const summary = page.getByRole('region', { name: /^Your / })
  await expect(summary).toContainText('Samir Haddad')
  await summary.getByRole('link', { name: 'Change the time' }).click()
  await expect(whom.locator('[aria-current]')).toHaveText('Samir')
  await whom.getByRole('link', { name: 'Anyone' }).click()
  await expect(whom.locator('[aria-current]')).toHaveText('Anyone')
  await expect(days(page).first()).toBeVisible()
})

test('a visitor books a discovery call, is told by mail, and cancels', async ({ page, mailbox, clock }) => {
  test.slow()
  const person = stranger('Mira Halloway')

  const chosen = await chooseTime(page, place(0))
  await expectAccessible(page, 'choosing a time')
  await next(page).click()

  await expect(page.getByLabel('What should we call you?')).toBeVisible()
  await expect(page.getByText(chosen.day).first()).toBeVisible()
  await expectCrisisStrip(page)
  await expectAccessible(page, 'details')
  await fillDetails(page, person)
  await book(page).click()

  await expectBooked(page)
  await expectAccessible(page, 'confirmation')
  await expect(page.getByText(chosen.day).first()).toBeVisible()

  // The page is a place, not a moment: it is there again.
  const confirmation = page.url()
  await page.reload()
  await expectBooked(page)
  expect(page.url()).toBe(confirmation)

  const ics = await page.request.get((await page.getByRole('link', { name: 'Add to calendar (.ics)' }).getAttribute('href'))!)
  expect(ics.headers()['content-type']).toContain('text/calendar')
  expect(await ics.text()).toMatch(/BEGIN:VEVENT[\s\S]+UID:[\s\S]+END:VEVENT/)

  await clock.pastSecondThoughts()
  const mail = await mailbox.first(person.email)
  // What anybody may see over a shoulder says nothing of therapy.
  expect(mail.subject).not.toMatch(/therap|counsel|psych|mental/i)
  expect(mail.text.trim()).not.toBe('')
  expect(mail.attachments.map(({ contentType }) => contentType).join()).toContain('text/calendar')

  const manage = linkIn(mail, '/manage/')
  await page.goto(manage)
  await expectCrisisStrip(page)
  await expectAccessible(page, 'manage')
  // Looking changes nothing: mail scanners open links too.
  await page.goto(manage)
  await cancel(page).click()
  await expect(page.getByText(/cancelled/i).first()).toBeVisible()
  await expectAccessible(page, 'cancelled')

  await page.goto(manage)
  await expect(cancel(page)).toHaveCount(0)
})

test('back after booking is the confirmation, also where a form was corrected, and keeps nothing more', async ({ page, watch }) => {
  test.slow()
  watch.expect(/422/)
  const kept: string[] = []
  const person = stranger('Ines Backward')
  await chooseTime(page, place(11))
  await next(page).click()
  await fillDetails(page, { ...person, phone: '12' })
  await book(page).click()
  await expect(page.getByLabel(/^Phone/)).toHaveAttribute('aria-invalid', 'true')
  await fillDetails(page, { ...person, phone: '+44 20 7946 0018' })
  await book(page).click()
  await expectBooked(page)
  const confirmation = page.url()

  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/hold')) kept.push(request.url())
  })
  // The form that was corrected, the form before that, the picker: each is behind us.
  for (let step = 0; step < 3; step += 1) {
    await page.goBack()
    await expectBooked(page)
    expect(page.url()).toBe(confirmation)
  }
  expect(kept).toEqual([])
})

test('a visitor moves a call by the link of the mail', async ({ page, mailbox, clock }) => {
  test.slow()
  const person = stranger('Ola Shift')
  await chooseTime(page, place(3))
  await next(page).click()
  await fillDetails(page, person)
  await book(page).click()
  await expectBooked(page)
  await clock.pastSecondThoughts()
  const manage = linkIn(await mailbox.first(person.email), '/manage/')

  const chosen = await moveByLink(page, manage, place(4))
  await expectCrisisStrip(page)
  await expectAccessible(page, 'a last look before moving')
  // The last look leads back to the times.
  await page.getByRole('link', { name: 'Another time' }).click()
  await expect(days(page).first()).toBeVisible()
  await page.goBack()
  await page.getByRole('button', { name: 'Move it' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It is moved.' })).toBeVisible()
  await expect(page.getByRole('main')).toContainText(chosen.day)
  await expectAccessible(page, 'moved')
  await clock.pastSecondThoughts()
  const news = await mailbox.first(person.email, ({ subject }) => subject.includes('(moved)'))
  expect(linkIn(news, '/manage/'), 'the link stays the same').toBe(manage)
  await page.goto(manage)
  await cancel(page).click()
  await expect(page.getByText(/cancelled/i).first()).toBeVisible()
})

test.describe('while nobody else pushes the clock', () => {
  test.use({ alone: true })

  test('booked and cancelled within minutes is silence', async ({ page, mailbox, clock }) => {
    const person = stranger('Second Thoughts')
    await chooseTime(page, place(1))
    await next(page).click()
    await fillDetails(page, person)
    await book(page).click()
    await expectBooked(page)
    await page.getByRole('link', { name: 'Change or cancel' }).click()
    await cancel(page).click()
    await expect(page.getByText(/cancelled/i).first()).toBeVisible()
    await clock.pastSecondThoughts()
    expect(await mailbox.to(person.email)).toEqual([])
  })
})

test('what is missing is named, linked and focused', async ({ page, watch }) => {
  watch.expect(/422|400/)
  await chooseTime(page, place(2))
  await next(page).click()
  await expect(page.getByLabel('What should we call you?')).toBeVisible()
  await page.locator('form').evaluateAll((forms) => forms.forEach((form) => form.setAttribute('novalidate', '')))
  await book(page).click()
  const summary = page.getByRole('alert').filter({ has: page.getByRole('link') }).first()
  await expect(summary).toBeVisible()
  await expectAccessible(page, 'details with mistakes')
  await summary.getByRole('link').first().click()
  await expect(page.getByLabel('What should we call you?')).toBeFocused()
  await expect(page.getByLabel('What should we call you?')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('What should we call you?')).toHaveAccessibleDescription(/.+/)
})

test.describe('while nobody else wants the same time', () => {
  test.use({ alone: true })

  test('a time that somebody else took is no dead end', async ({ page, browser, clock, watch, baseURL }) => {
    test.slow()
    watch.expect(/409/)
    const late = stranger('Late Visitor')
    await chooseTime(page, place(3))
    await next(page).click()
    await fillDetails(page, late)
    const address = page.url()

    // The time is kept for ten minutes. After that whoever is quicker has it, with every therapist who is free then.
    await clock.forward(11)
    for (let nth = 0; nth < 3; nth++) {
      const other = await browser.newContext({ baseURL })
      const faster = await other.newPage()
      const answer = await faster.goto(address)
      if (answer?.status() === 200) {
        await fillDetails(faster, stranger('Early Visitor'))
        await book(faster).click()
        await expectBooked(faster)
      }
      await other.close()
      if (answer?.status() !== 200) break
    }

    await book(page).click()
    const notice = page.getByRole('alert').filter({ hasText: /Someone took/ })
    await expect(notice).toBeVisible()
    await expect(notice).toBeFocused()
    await expect(page.getByLabel('What should we call you?')).toHaveValue(late.name)
    await expect(page.getByLabel('Email')).toHaveValue(late.email)
    await expectCrisisStrip(page)
    await expectAccessible(page, 'the time is gone')
    await notice.getByRole('button').first().click()
    await expectBooked(page)
  })

  test('a time that goes while somebody looks at it is marked, and another is offered', async ({ page, browser, clock, baseURL }) => {
    test.slow()
    await chooseTime(page, place(8))
    const address = page.url()
    const value = await times(page).locator('input:checked').getAttribute('value')
    // It is kept for whoever chose it; after ten minutes whoever is quicker has it.
    await expect(page.getByText(/We keep it for you until \d\d:\d\d\./)).toBeVisible()
    await clock.forward(11)
    await expect(page.getByText(/We keep it for you/)).toHaveCount(0)
    for (let nth = 0; nth < 3; nth++) {
      const other = await browser.newContext({ baseURL })
      const faster = await other.newPage()
      await faster.goto(address)
      const slot = times(faster).locator(`input[value="${value}"]`)
      const isFree = (await slot.count()) > 0
      if (isFree) {
        await slot.check({ force: true })
        await next(faster).click()
        await fillDetails(faster, stranger('Early Visitor'))
        await book(faster).click()
        await expectBooked(faster)
      }
      await other.close()
      if (!isFree) break
    }
    const notice = page.getByRole('alert').filter({ hasText: /Someone took/ })
    await expect(notice).toBeVisible()
    await expect(times(page).locator(`input[value="${value}"]`)).toBeDisabled()
    await expectAccessible(page, 'a time has gone')
    await notice.getByRole('button').first().click()
    await expect(page.getByLabel('What should we call you?')).toBeVisible()
  })
})

test('without a network the times stay, and nothing is booked by mistake', async ({ page, context, watch }) => {
  watch.expect(/ERR_INTERNET_DISCONNECTED|WebSocket/)
  await chooseTime(page, place(9))
  const address = page.url()
  await context.setOffline(true)
  await expect(page.getByRole('heading', { name: 'You are offline' })).toBeVisible()
  await expectAccessible(page, 'offline')
  await next(page).click()
  expect(page.url()).toBe(address)
  await page.getByRole('link', { name: /^[A-Z][a-z]+ \d{4}$/ }).first().click()
  await expect(page.getByRole('heading', { name: 'The times did not load' })).toBeVisible()
  await context.setOffline(false)
  await expect(page.getByRole('heading', { name: 'You are offline' })).toHaveCount(0)
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(times(page)).toBeVisible()
})

test('the address holds the choice: back, reload and a shared link work', async ({ page, context }) => {
  const chosen = await chooseTime(page, place(4))
  const shared = page.url()
  const other = await context.newPage()
  await other.goto(shared)
  await expect(times(other)).toHaveAccessibleName(new RegExp(chosen.day))
  await other.close()

  await next(page).click()
  await expect(page.getByLabel('What should we call you?')).toBeVisible()
  await page.goBack()
  await expect(days(page).first()).toBeVisible()
  await expect(times(page)).toBeVisible()
})

test.describe('a visitor in another time zone', () => {
  test.use({ timezoneId: 'America/New_York' })
  test('is shown both times', async ({ page }) => {
    await chooseTime(page, place(5))
    await expect(times(page)).toContainText('New York time')
    await expect(times(page)).toContainText(/\d\d:\d\d London/)
    await expect(page.getByLabel('Time zone')).toHaveValue('America/New_York')
    await page.getByLabel('Time zone').selectOption('Europe/London')
    await expect(times(page)).toContainText('London time')
    await page.reload()
    await expect(times(page)).toContainText('London time')
  })
})

test('the picker opens on a month that has free times', async ({ page }) => {
  await page.goto('/book/discovery-call')
  await expect(days(page).first()).toBeVisible()
  expect(await page.getByRole('grid').locator('[tabindex="0"]').count()).toBeLessThanOrEqual(1)
  await page.goto('/book/discovery-call?month=2099-01')
  await expect(page.getByRole('grid')).toBeVisible()
  await page.getByRole('link', { name: 'Go there' }).click()
  await expect(times(page)).toBeVisible()
})

test('a session type that does not exist is not found', async ({ page, watch }) => {
  watch.expect(/404/)
  expect((await page.goto('/book/no-such-type'))?.status()).toBe(404)
  await expectCrisisStrip(page)
})

test('a stale or invented link to a booking says so without a fright', async ({ page, watch }) => {
  watch.expect(/404|410/)
  for (const path of [`/manage/${'x'.repeat(43)}`, '/bookings/NOPE-0000']) {
    const answer = await page.goto(path)
    expect([404, 410], path).toContain(answer?.status())
    await expect(page.locator('h1')).toHaveCount(1)
    await expectCrisisStrip(page)
  }
})

test('a time chosen before the page came to life stays chosen', async ({ page }) => {
  // The bundle comes late, as it does on a slow line.
  let arrive = () => {}
  const late = new Promise<void>((resolve) => (arrive = resolve))
  await page.route(/\.wasm$/, async (route) => {
    await late
    await route.continue()
  })
  await page.goto('/book/discovery-call')
  const radio = times(page).getByRole('radio').nth(1)
  const value = await radio.getAttribute('value')
  await radio.check({ force: true })
  arrive()
  await expect(page.locator('.onward b')).toBeVisible()
  await expect(times(page).locator('input:checked')).toHaveValue(value!)
  await expect(page).toHaveURL(/slot=/)
})

test('a time is kept as soon as it is chosen, and given back for another', async ({ page, another, watch }) => {
  test.slow()
  await page.goto('/book/discovery-call')
  await page.waitForLoadState('networkidle')
  const offered = async (who: Page) => await times(who).locator('input:not(:disabled)').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value))
  await (await dayHere(page, place(6))).click()
  await expect(times(page)).toBeVisible()
  const other = await another()
  await other.goto(page.url())
  await other.waitForLoadState('networkidle')
  const copies = async (slot: string) => (await offered(other)).filter((one) => one === slot).length
  const kept = page.getByText(/We keep it for you until \d\d:\d\d\./)

  const [first, second] = await offered(page)
  const choose = (slot: string) => times(page).locator(`input[value="${slot}"]`).check({ force: true })
  await choose(first!)
  await expect(kept).toBeVisible()
  await expectAccessible(page, 'a time that is kept')
  expect((await page.context().cookies()).find(({ name }) => name === '__Host-hold')).toMatchObject({ httpOnly: true, secure: true })
  // Mine is still mine to choose, however many therapists are free then.
  await expect(times(page).locator(`input[value="${first}"]`)).toBeEnabled()

  await choose(second!)
  await expect(kept).toBeVisible()
  await expect.poll(() => copies(first!), 'the first is free again').toBeGreaterThan(0)

  await next(page).click()
  await expect(page.getByText(/We keep this time for you until/)).toBeVisible()
  expect(watch.asked(/\/hold$/).length).toBe(3)
})

test('whoever goes on at once does not lose the time to themselves', async ({ page }) => {
  test.slow()
  // The request that keeps the time is slow; the button is pressed while it is under way.
  await page.route(/\/hold$/, async (route) => {
    if (route.request().resourceType() === 'fetch') await new Promise((go) => setTimeout(go, 1500))
    await route.continue()
  })
  await chooseTime(page, place(7))
  const asked = page.waitForRequest((request) => request.resourceType() === 'fetch' && /\/hold$/.test(request.url()))
  await asked
  await next(page).click()
  await expect(page.getByLabel('What should we call you?')).toBeVisible()
  await expect(page.getByText(/We keep this time for you until/)).toBeVisible()
})

test('hours are counted as people do, and it is remembered', async ({ page }) => {
  test.slow()
  await chooseTime(page, place(10))
  await page.getByRole('link', { name: 'Use a 12-hour clock' }).click()
  await expect(times(page).getByText(/^\d{1,2}:\d\d\s(am|pm)$/).first()).toBeVisible()
  await expect(times(page).locator('input:checked'), 'the choice stays').toHaveCount(1)
  await expectAccessible(page, 'a 12-hour clock')
  await page.reload()
  await expect(times(page).getByText(/^\d{1,2}:\d\d\s(am|pm)$/).first()).toBeVisible()
  await next(page).click()
  await expect(page.getByText(/We keep this time for you until \d{1,2}:\d\d\s(am|pm)/)).toBeVisible()
  await page.goBack()
  await page.getByRole('link', { name: 'Use a 24-hour clock' }).click()
  await expect(times(page).getByText(/^\d\d:\d\d$/).first()).toBeVisible()
})

test('a place far from everywhere is found by typing', async ({ page }) => {
  await page.goto('/book/discovery-call')
  await page.getByText('I am somewhere else').click()
  await page.getByLabel('A big city near you').fill('kampala')
  await page.getByRole('group').filter({ hasText: 'I am somewhere else' }).getByRole('button', { name: 'Show times' }).click()
  await expect(times(page)).toContainText('Kampala time')
  await expect(page.getByLabel('Time zone')).toHaveValue('Africa/Kampala')

  await page.getByText('I am somewhere else').click()
  await page.getByLabel('A big city near you').fill('Atlantis')
  await page.getByRole('group').filter({ hasText: 'I am somewhere else' }).getByRole('button', { name: 'Show times' }).click()
  await expect(page.getByLabel('A big city near you')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('A big city near you')).toHaveValue('Atlantis')
  await expectAccessible(page, 'a place we do not know')
  await expect(times(page), 'the zone before stays').toContainText('Kampala time')
})
