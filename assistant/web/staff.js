// What the staff pages need a script for: keys, and forms that lose nothing when they cannot be kept.
// Without it every form still works; the server then answers with a page that says what is wrong.
(function () {
  "use strict";
  var say = window.staffWords || {};

  function tell(form, sentence, signIn) {
    var place = form.querySelector(".problem");
    if (!place) { window.alert(sentence); return; }
    place.textContent = sentence;
    if (signIn) {
      var link = document.createElement("a");
      link.href = "/staff/sign-in";
      link.target = "_blank";
      link.textContent = say.again;
      place.append(" ", link);
    }
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
  }

  // What is typed stays in this window until it is kept, whatever happens to page or session.
  function draftOf(form) { return form.dataset.kept ? "draft-" + form.dataset.kept : null; }
  function save(form) {
    if (!draftOf(form)) return;
    var fields = Array.from(new FormData(form)).filter(function (field) { return typeof field[1] === "string"; });
    try { sessionStorage.setItem(draftOf(form), JSON.stringify(fields)); } catch (_) { /* full or forbidden */ }
  }
  function restore(form) {
    var kept = draftOf(form) && sessionStorage.getItem(draftOf(form));
    if (!kept) return;
    JSON.parse(kept).forEach(function (field) {
      form.querySelectorAll("[name]").forEach(function (input) {
        if (input.name !== field[0] || input.type === "hidden") return;
        if (input.type === "radio" || input.type === "checkbox") input.checked = input.checked || input.value === field[1];
        else input.value = field[1];
      });
    });
  }

  function send(form, button) {
    var fields = new FormData(form); // sent in parts: Chinese written as %E4… would take three times the room
    if (button && button.name) fields.set(button.name, button.value);
    var buttons = form.querySelectorAll("button");
    buttons.forEach(function (one) { one.disabled = true; });
    fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } })
      .then(function (response) {
        return response.json().catch(function () { return {}; }).then(function (told) {
          if (response.ok && told.next) {
            if (draftOf(form)) sessionStorage.removeItem(draftOf(form));
            window.location.assign(told.next);
            return;
          }
          tell(form, response.status === 413 ? say.large : told.detail || say.offline, told.sign_in);
          buttons.forEach(function (one) { one.disabled = false; });
        });
      })
      .catch(function () {
        tell(form, say.offline);
        buttons.forEach(function (one) { one.disabled = false; });
      });
  }

  document.querySelectorAll("form[method=post]").forEach(function (form) {
    if (/sign-(in|out)$/.test(form.getAttribute("action"))) return;
    restore(form);
    form.addEventListener("input", function () { save(form); });
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      send(form, event.submitter);
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.altKey || event.metaKey) return;
    var judge = document.getElementById("judge");
    var typing = /^(TEXTAREA|SELECT)$/.test(event.target.tagName) ||
      (event.target.tagName === "INPUT" && !/radio|checkbox/.test(event.target.type));
    if (event.key === "Enter" && judge && (event.ctrlKey || (!typing && !/^(A|BUTTON|SUMMARY)$/.test(event.target.tagName)))) {
      event.preventDefault();
      judge.requestSubmit();
      return;
    }
    if (typing || event.ctrlKey) return;
    var choice = judge && judge.querySelector('[data-key="' + event.key + '"]');
    if (choice) {
      choice.checked = true;
      choice.focus({ preventScroll: true });
      choice.dispatchEvent(new Event("input", { bubbles: true }));
      event.preventDefault();
    } else if (event.key === "n" && document.getElementById("next")) {
      window.location.assign(document.getElementById("next").href);
    }
  });
})();
