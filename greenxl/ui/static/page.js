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
      const answer = await fetch(address, { credentials: "same-origin", ...options, headers: FRAGMENT });
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

  const part = async () => show(await (await ask("/part" + location.search)).text());

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
    if (event.target.id !== "drop" && free) submit(event.target, event.submitter);
  });
  const submit = busy(async (form, button) => {
    const data = new FormData(form);
    if (button) pressed = button.id;
    if (form.closest(".review")) history.replaceState(null, "", "/");
    const answer = await ask(form.getAttribute("action"), { method: "POST", body: data });
    const text = await answer.text();
    if (form.getAttribute("action") === "/close" || !answer.ok) {
      const came = new DOMParser().parseFromString(text, "text/html");
      document.title = came.title;
      document.body.replaceChildren(...came.body.childNodes);
      return;
    }
    show(text);
  });

  /* What is dropped or chosen. */

  const inside = async (entry) => {
    if (entry.isFile) {
      const file = await new Promise((done, failed) => entry.file(done, failed));
      return [[file, entry.fullPath.replace(/^\//, "")]];
    }
    const reader = entry.createReader(), found = [];
    for (;;) {
      const some = await new Promise((done, failed) => reader.readEntries(done, failed));
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

  const take = busy(async (files) => {
    const drop = byId("drop");
    if (!drop || !files.length) return;
    const large = [];
    refuse(large);
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
      if (file.size > limit) large.push(drop.dataset.large.replace("%s", () => name));
      else {
        const data = new FormData();
        data.append("file", file, name);
        const answer = await ask("/files", { method: "POST", body: data });
        if (!answer.ok) large.push(name);
      }
      step(number + 1);
    }
    const answer = await ask("/do/check", { method: "POST" });
    show(await answer.text());
    refuse(large);
    if (large.length) byId("spoken").textContent = large.join(" ");
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
    take(await dropped(event.dataTransfer));
  });

  /* Copying a text. */

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const area = byId(button.dataset.copy);
    try { await navigator.clipboard.writeText(area.value); } catch {
      area.closest("details").open = true;
      area.select();
      document.execCommand("copy");
    }
    button.textContent = button.dataset.copied;
    byId("spoken").textContent = button.dataset.copied;
  });

  document.addEventListener("visibilitychange", () => { if (!document.hidden && !running()) part().catch(() => {}); });
  window.addEventListener("focus", () => { if (document.activeElement?.type !== "file" && !running() && byId("taking") && byId("taking").hidden) part().catch(() => {}); });
  if (running()) follow();
})();
