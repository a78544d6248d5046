"use strict";
/* Sends the forms without leaving the page, takes in what is dropped, and shows how far the work is.
   All words come from the server; without this file the forms work as forms do. */
(() => {
  const FRAGMENT = { "X-Greenxl-Fragment": "1" };
  const byId = (id) => document.getElementById(id);
  document.documentElement.classList.add("script");

  /* Lets who cannot see it know that something is under way, from the press to the answer. */
  const busy = (action) => async (...given) => {
    document.documentElement.setAttribute("aria-busy", "true");
    try { return await action(...given); } catch (error) {
      if (byId("gone").hidden) throw error;  // else the page has said what is wrong
    } finally { document.documentElement.removeAttribute("aria-busy"); }
  };

  const ask = async (address, options = {}) => {
    try {
      const headers = { ...FRAGMENT, "X-Greenxl-Round": options.round ?? byId("top")?.dataset.round ?? "" };
      const answer = await fetch(address, { credentials: "same-origin", ...options, headers });
      byId("gone").hidden = true;
      return answer;
    } catch (error) {
      byId("gone").hidden = false;
      throw error;
    }
  };

  /* The button that was pressed: it has the focus again when its work is done. */
  let pressed = "";
  document.addEventListener("focusin", (event) => { if (event.target.id !== "heading") pressed = ""; });

  const show = (text) => {
    const focused = pressed || (document.activeElement && document.activeElement.id);
    const came = new DOMParser().parseFromString(text, "text/html");
    for (const one of came.querySelectorAll("details")) {
      const old = byId(one.id);
      if (old) one.open = old.open;
    }
    const typed = [...document.querySelectorAll("#part input, #part select")].filter(
      (one) => one.id && one.type !== "file" && one.value !== one.defaultValue).map((one) => [one.id, one.value]);
    const choosing = [...document.querySelectorAll("#part input[type=file]")];
    byId("part").replaceChildren(...came.body.childNodes);
    for (const old of choosing) byId(old.id)?.replaceWith(old);  // its window may be open: what is chosen comes to it
    for (const [id, value] of typed) if (byId(id)) byId(id).value = value;
    const target = focused && byId(focused);
    if (target && !target.disabled) target.focus();
    else if (focused) {
      const kept = pressed;
      byId("heading").focus();
      pressed = kept;
    }
    const said = [...document.querySelectorAll("#messages p")].map((one) => one.textContent).join(" ");
    if (byId("spoken").textContent !== said) byId("spoken").textContent = said;
    if (running()) follow();
  };
  const running = () => byId("top") && byId("top").dataset.running === "yes";

  const part = async () => {
    const answer = await ask("/part" + location.search);
    (answer.ok ? show : whole)(await answer.text());
  };

  /* A page of its own in the place of this one. */
  const whole = (text) => {
    const came = new DOMParser().parseFromString(text, "text/html");
    document.title = came.title;
    document.body.replaceChildren(...came.body.childNodes);
  };

  let following = false;
  const follow = async () => {
    if (following) return;
    following = true;
    try {
      for (;;) {
        await new Promise((next) => setTimeout(next, 300));
        const now = await (await ask("/progress")).json();
        if (!now.running) break;
        const bar = byId("bar");
        if (!bar) continue;
        if (now.all) { bar.max = now.all; bar.value = now.done; }
        byId("job").textContent = now.words;
      }
    } catch { return; } finally { following = false; }
    await part();
  };

  document.addEventListener("submit", (event) => {
    event.preventDefault();
    const free = !document.documentElement.hasAttribute("aria-busy");
    if (event.target.id === "drop" || !free) return;
    refuse([]);
    submit(event.target, event.submitter);
  });
  const submit = busy(async (form, button) => {
    const data = new FormData(form);
    if (button) pressed = button.id;
    if (form.closest(".review")) history.replaceState(null, "", "/");
    const answer = await ask(form.getAttribute("action"), { method: "POST", body: data });
    const text = await answer.text();
    (form.getAttribute("action") === "/close" || !answer.ok ? whole : show)(text);
  });

  /* What is dropped or chosen. */

  const inside = async (entry) => {
    const name = entry.fullPath.replace(/^\//, "");
    if (entry.isFile) return [[await new Promise((done) => entry.file(done, () => done(null))), name]];
    const reader = entry.createReader(), found = [];
    for (;;) {
      const some = await new Promise((done) => reader.readEntries(done, () => done(null)));
      if (!some) return [...found, [null, name]];
      if (!some.length) return found;
      for (const one of some) found.push(...await inside(one));
    }
  };

  const dropped = async (transfer) => {
    const items = [...transfer.items].filter((one) => one.kind === "file");
    const entries = items.map((one) => one.webkitGetAsEntry() || one.getAsFile());  // both only now
    const found = [];
    for (const entry of entries) found.push(...entry instanceof File ? [[entry, entry.name]] : await inside(entry));
    return found;
  };

  const refuse = (lines) => {
    const line = (text) => Object.assign(document.createElement("p"), { textContent: text });
    byId("too-large").replaceChildren(...lines.map(line));
    byId("too-large").hidden = !lines.length;
  };

  /* Null where it cannot be read: it is open in another program, or went away. Else a failure of sending would
     not be told from that. */
  const read = async (file) => {
    try { return file && new Blob([await file.arrayBuffer()]); } catch { return null; }
  };

  /* Null where the program is closed. */
  const sent = async (address, options) => {
    try { return await ask(address, options); } catch { byId("taking").hidden = true; return null; }
  };

  const take = busy(async (files) => {
    const drop = byId("drop");
    const why = byId("too-large").dataset;
    if (!drop || !files.length) { refuse([drop ? why.empty : why.closed]); return; }
    const out = [], round = byId("top").dataset.round;
    refuse(out);
    byId("taking").hidden = false;
    const step = (number) => {
      if (!byId("taken")) return;
      byId("taken").max = files.length;
      byId("taken").value = number;
      byId("taking-words").textContent = `${drop.dataset.taking} ${number}/${files.length}`;
    };
    step(0);
    for (const [number, [file, name]] of files.entries()) {
      const limit = Number(/\.zip$/i.test(name) ? drop.dataset.archive : drop.dataset.limit);
      const fits = !file || file.size <= limit;
      const bytes = fits && await read(file);
      if (!fits) out.push(drop.dataset.large.replace("%s", () => name));
      else if (!bytes) out.push(drop.dataset.unreadable.replace("%s", () => name));
      else {
        const data = new FormData();
        data.append("file", bytes, name);
        const answer = await sent("/files", { method: "POST", body: data, round });
        if (!answer) { refuse([...out, drop.dataset.interrupted.replace("%s", number)]); return; }
        if (answer.status === 409) { await part(); return; }  // the page says why
        if (!answer.ok) out.push(name);
      }
      step(number + 1);
    }
    const answer = await sent("/do/check", { method: "POST", round });
    if (answer) show(await answer.text());
    refuse(out);
    if (out.length) byId("spoken").textContent = out.join(" ");
  });

  document.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    const files = [...event.target.files].map((file) => [file, file.webkitRelativePath || file.name]);
    event.target.value = "";
    take(files);
  });
  const over = (event, on) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    const drop = byId("drop");
    if (drop) drop.classList.toggle("over", on);
  };
  document.addEventListener("dragover", (event) => over(event, true));
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) over(event, false); });
  document.addEventListener("drop", async (event) => {
    over(event, false);
    if ([...event.dataTransfer.types].includes("Files")) take(await dropped(event.dataTransfer));
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest("#to-another")) return;
    event.preventDefault();
    const choice = byId("another-round");
    choice.open = true;
    choice.scrollIntoView();
    choice.querySelector("summary").focus();
  });

  /* Copying a text. */

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const area = byId(button.dataset.copy);
    area.closest("details").open = true;  // the text, and the button that records it as sent
    try { await navigator.clipboard.writeText(area.value); } catch {
      area.select();
      document.execCommand("copy");
    }
    button.textContent = button.dataset.copied;
    byId("spoken").textContent = button.dataset.copied;
  });

  /* What changed meanwhile is seen when somebody comes back to the window. */
  const again = () => { if (!document.hidden && !running() && byId("taking")?.hidden !== false) part().catch(() => {}); };
  document.addEventListener("visibilitychange", again);
  window.addEventListener("focus", () => { if (document.activeElement?.type !== "file") again(); });
  if (running()) follow();
})();
