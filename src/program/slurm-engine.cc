// SPDX-License-Identifier: GPL-2.0-only
#include "slurm-engine.h"

#include "campaign/merge.h"
#include "campaign/results-file.h"
#include "interruption.h"
#include "slurm.h"
#include "user-error.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <poll.h>

namespace p2pim::program
{

namespace
{

namespace fs = std::filesystem;

using std::chrono::milliseconds;

/// How long to wait before squeue is asked again: at first, and at most.
constexpr milliseconds FIRST_PAUSE(250);
constexpr milliseconds LONGEST_PAUSE(15000);

/// Most shards that are named one by one when they have failed.
constexpr std::size_t MAX_NAMED = 10;

/// The last line of a text file that is not empty; what it says most likely is why it ended.
std::string
ReadLastLine(const fs::path& path)
{
    std::string last;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
    {
        last = line.empty() ? last : line;
    }
    return last;
}

/// The folder beside a results file where the shards are.
class ShardFolder
{
  public:
    /// Makes the folder and keeps other callers away from it.
    explicit ShardFolder(const std::string& output)
        : m_shown(output + ".shards"),
          m_path(fs::absolute(m_shown))
    {
        std::error_code error;
        fs::create_directories(m_path, error);
        if (error)
        {
            throw UserError(m_shown + ": cannot make this folder: " + error.message());
        }
        std::ofstream(GetPath("job"), std::ios::app).flush();
        m_lock = std::make_unique<campaign::FileLock>(m_shown + "/job");
    }

    /// @return the place of a file in it.
    std::string GetPath(const std::string& name) const
    {
        return (m_path / name).string();
    }

    /// @return the place as the user would write it.
    std::string GetShownPath(const std::string& name) const
    {
        return m_shown + "/" + name;
    }

    /// @return the shards' results files, in a fixed order.
    std::vector<std::string> ListResults() const
    {
        std::vector<std::string> paths;
        for (const auto& entry : fs::directory_iterator(m_path))
        {
            if (entry.path().extension() == ".sqlite")
            {
                paths.push_back(GetShownPath(entry.path().filename().string()));
            }
        }
        std::sort(paths.begin(), paths.end());
        return paths;
    }

    /// Takes away what the shards have made.
    void Clear() const
    {
        std::vector<fs::path> paths;
        for (const auto& entry : fs::directory_iterator(m_path))
        {
            const std::string name = entry.path().filename().string();
            if (name.find("-of-") != std::string::npos)
            {
                paths.push_back(entry.path());
            }
        }
        for (const auto& path : paths)
        {
            fs::remove(path);
        }
    }

    void Write(const std::string& name, const std::string& text) const
    {
        std::ofstream file(GetPath(name), std::ios::binary);
        file << text;
        if (!file.flush())
        {
            throw RunFailure(GetShownPath(name) + ": cannot be written: " + std::strerror(errno));
        }
    }

  private:
    std::string m_shown;
    fs::path m_path;
    std::unique_ptr<campaign::FileLock> m_lock;
};

/// Makes a study by shards.
class SlurmSweep
{
  public:
    SlurmSweep(const SlurmStudy& study, const Invocation& invocation)
        : m_study(study),
          m_err(invocation.err),
          m_out(invocation.out),
          m_folder(study.output)
    {
    }

    bool Make()
    {
        const bool isUnderWay = FindJob();
        if (isUnderWay && m_study.force)
        {
            throw UserError("--force: job " + m_job + " is still writing " +
                            m_folder.GetShownPath("") + "; scancel " + m_job + " ends it");
        }
        m_study.open();
        if (!isUnderWay && !Submit())
        {
            return true;
        }
        if (m_study.detach)
        {
            TellHowToGoOn();
            return false;
        }
        Wait();
        Merge();
        Judge();
        return true;
    }

  private:
    /// Finds out what the last call has done. @return whether its job is under way.
    bool FindJob()
    {
        uint64_t shards = 0;
        std::ifstream(m_folder.GetPath("job")) >> m_job >> shards;
        const bool isUnderWay = !m_job.empty() && IsInQueue();
        m_shards = isUnderWay || (shards > 0 && !m_study.shards)
                       ? shards
                       : m_study.shards.value_or(SlurmStudy::DEFAULT_SHARDS);
        return isUnderWay;
    }

    /// @return whether tasks of the last job have not ended.
    bool IsInQueue() const
    {
        const auto tasks = GetTasks(m_job);
        if (!tasks)
        {
            throw RunFailure("squeue: does not tell whether job " + m_job + " has ended");
        }
        return tasks->running + tasks->waiting > 0;
    }

    /// Submits what is missing. @return whether anything is.
    bool Submit()
    {
        if (m_study.force)
        {
            m_folder.Clear();
        }
        Merge();
        SlurmArray array;
        uint64_t runs = 0;
        for (const auto& shard : campaign::GetShardProgress(m_study.output, m_shards))
        {
            if (shard.succeeded < shard.planned)
            {
                array.tasks.push_back(shard.shard);
                runs += shard.planned - shard.succeeded;
            }
        }
        if (array.tasks.empty())
        {
            return false;
        }
        array.name = "p2pim-" + fs::path(m_study.output).stem().string();
        array.folder = m_folder.GetPath("");
        array.script = m_folder.GetPath("shard.sh");
        array.log = GetName("%a", ".log");
        array.atOnce = m_study.atOnce;
        array.cpus = m_study.cpus;
        m_folder.Write("shard.sh", MakeScript());
        m_job = SubmitArray(array);
        m_folder.Write("job", m_job + " " + std::to_string(m_shards) + "\n");
        m_err << "job " << m_job << ": " << runs << " runs in " << array.tasks.size() << " of "
              << m_shards << " shards" << std::endl;
        return true;
    }

    /// @return the name of a shard's file.
    std::string GetName(const std::string& shard, const std::string& suffix) const
    {
        return shard + "-of-" + std::to_string(m_shards) + suffix;
    }

    std::string MakeScript() const
    {
        const std::string program =
            m_study.program.empty() ? fs::read_symlink("/proc/self/exe").string() : m_study.program;
        const std::string task = "\"$SLURM_ARRAY_TASK_ID\"";
        std::ostringstream script;
        script << "#!/bin/sh\n";
        if (!m_study.options.empty())
        {
            script << "#SBATCH " << m_study.options << "\n";
        }
        script
            << "# One shard of a study; p2pim sweep --engine=slurm has written and submitted it.\n"
            << "cd " << QuoteForShell(fs::current_path().string()) << " || exit\n"
            << "exec " << QuoteForShell(program);
        for (const auto& word : m_study.words)
        {
            script << " " << QuoteForShell(word);
        }
        script << " --shard=" << task << "/" << m_shards << " --jobs=" << m_study.cpus
               << (m_study.anyBuild ? " --any-build" : "")
               << " --output=" << QuoteForShell(m_folder.GetPath("")) << GetName(task, ".sqlite")
               << "\n";
        return script.str();
    }

    void TellHowToGoOn() const
    {
        m_out << "To look: squeue --array --job=" << m_job << "\nTo end it: scancel " << m_job
              << "\nWhen it is over: the same command again, or p2pim merge "
              << QuoteForShell(m_study.output) << " " << QuoteForShell(m_folder.GetShownPath(""))
              << "*.sqlite --output=" << QuoteForShell(m_study.output) << "\n";
    }

    /// Waits until the job has ended, and tells how far it is.
    void Wait()
    {
        const Interruption interruption;
        std::string told;
        for (auto pause = FIRST_PAUSE;; pause = std::min(pause * 3 / 2, LONGEST_PAUSE))
        {
            const auto tasks = GetTasks(m_job);
            if (tasks && tasks->running + tasks->waiting == 0)
            {
                return;
            }
            const std::string news = Describe(tasks);
            if (news != told)
            {
                m_err << news << std::endl;
                told = news;
            }
            if (!interruption.IsRequested())
            {
                ::poll(nullptr, 0, static_cast<int>(pause.count()));
            }
            if (interruption.IsRequested())
            {
                throw RunFailure("interrupted: job " + m_job +
                                 " goes on; the same command waits for it again, scancel " + m_job +
                                 " ends it");
            }
        }
    }

    std::string Describe(const std::optional<SlurmTasks>& tasks) const
    {
        std::ostringstream text;
        text << "job " << m_job << ": ";
        if (!tasks)
        {
            text << "squeue does not answer; still waiting";
            return text.str();
        }
        text << tasks->running << " shards running, " << tasks->waiting << " waiting";
        if (tasks->waiting > 0 && !tasks->reason.empty())
        {
            text << " (" << tasks->reason << ")";
        }
        return text.str();
    }

    /// Takes what the shards have made into the results file.
    void Merge() const
    {
        auto paths = m_folder.ListResults();
        paths.insert(paths.begin(), m_study.output);
        const Interruption interruption;
        campaign::MergeOptions options;
        options.anyBuild = m_study.anyBuild;
        options.isStopped = [&]() { return interruption.IsRequested(); };
        options.leaveOut = [&](const std::string& path, const campaign::StoreError& error) {
            LeaveOut(path, error);
        };
        campaign::MergeResults(paths, m_study.output, options);
    }

    /// Tells of a shard that cannot be merged. One that is damaged would never get whole: it makes
    /// room for a new one.
    void LeaveOut(const std::string& path, const campaign::StoreError& error) const
    {
        m_err << "p2pim: left out: " << error.what();
        if (error.GetCode() == campaign::StoreError::Code::NOT_RESULTS)
        {
            const std::string aside = path + ".damaged";
            fs::rename(path, aside);
            m_err << "; it is now " << aside;
        }
        m_err << std::endl;
    }

    /// @throw RunFailure tasks have ended before each of their runs had succeeded or failed.
    void Judge() const
    {
        std::vector<uint64_t> failed;
        uint64_t planned = 0;
        uint64_t succeeded = 0;
        for (const auto& shard : campaign::GetShardProgress(m_study.output, m_shards))
        {
            planned += shard.planned;
            succeeded += shard.succeeded;
            if (shard.succeeded + shard.failed < shard.planned)
            {
                failed.push_back(shard.shard);
            }
        }
        if (failed.empty())
        {
            return;
        }
        for (std::size_t i = 0; i < failed.size() && i < MAX_NAMED; ++i)
        {
            const std::string log = GetName(std::to_string(failed[i]), ".log");
            m_err << "p2pim: shard " << failed[i] << " did not end: " << m_folder.GetShownPath(log)
                  << ": " << ReadLastLine(m_folder.GetPath(log)) << std::endl;
        }
        throw RunFailure("job " + m_job + ": shards " + DescribeTasks(failed) + " of " +
                         std::to_string(m_shards) + " failed: " + std::to_string(succeeded) +
                         " of " + std::to_string(planned) + " runs kept in " + m_study.output +
                         " (partial)");
    }

    const SlurmStudy& m_study;
    std::ostream& m_err;
    std::ostream& m_out;
    ShardFolder m_folder;
    std::string m_job;     ///< the last one's number; empty: there was none
    uint64_t m_shards = 0; ///< how many the plan is cut into
};

} // namespace

std::vector<OptionSpec>
GetSlurmOptions()
{
    return {
        {"shards", "N", "slurm: how many tasks share the runs (default 16, or as before)"},
        {"at-once", "N", "slurm: how many of them run at a time (default: all)"},
        {"slurm-options",
         "OPTIONS",
         "slurm: what sbatch is told, such as '--partition=x --mem=4G'"},
        {"detach", "", "slurm: does not wait for the job"},
    };
}

SlurmStudy
ReadSlurmOptions(const Arguments& arguments)
{
    SlurmStudy study;
    if (arguments.Get("shards"))
    {
        study.shards = arguments.GetNumber("shards", 1, SlurmStudy::MAX_SHARDS);
    }
    if (arguments.Get("at-once"))
    {
        study.atOnce = arguments.GetNumber("at-once", 1, SlurmStudy::MAX_SHARDS);
    }
    study.options = arguments.Get("slurm-options").value_or("");
    if (study.options.find('\n') != std::string::npos)
    {
        throw UserError("--slurm-options: a line break is not allowed");
    }
    study.detach = arguments.Has("detach");
    return study;
}

void
RefuseSlurmOptions(const Arguments& arguments)
{
    for (const auto& option : GetSlurmOptions())
    {
        if (arguments.Has(option.name))
        {
            throw UserError("--" + option.name + ": goes with --engine=slurm only");
        }
    }
}

bool
MakeOnSlurm(const SlurmStudy& study, const Invocation& invocation)
{
    return SlurmSweep(study, invocation).Make();
}

} // namespace p2pim::program
